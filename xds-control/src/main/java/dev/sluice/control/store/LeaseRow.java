package dev.sluice.control.store;

import dev.sluice.control.change.LeaseTable.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The lease as it lies in the one row of the table {@code epoch}. Stateless. */
final class LeaseRow {
    private static final String SELECT =
            "SELECT value, holder, address, beat FROM epoch WHERE id = 1";

    private LeaseRow() {}

    static Row read(Connection connection) throws SQLException {
        return select(connection, SELECT);
    }

    /** As it is until the transaction ends. */
    static Row locked(Connection connection) throws SQLException {
        return select(connection, SELECT + " FOR UPDATE");
    }

    static boolean take(Connection connection, Row seen, String holder, String address)
            throws SQLException {
        if (!locked(connection).equals(seen)) {
            return false;
        }
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE epoch SET value = value + 1, holder = ?, address = ?, beat = 0"
                                + " WHERE id = 1")) {
            update.setString(1, holder);
            update.setString(2, address);
            return update.executeUpdate() == 1;
        }
    }

    static boolean renew(Connection connection, Row held) throws SQLException {
        return updated(connection, "UPDATE epoch SET beat = beat + 1", held);
    }

    static boolean release(Connection connection, Row held) throws SQLException {
        return updated(connection, "UPDATE epoch SET holder = '', address = ''", held);
    }

    private static boolean updated(Connection connection, String update, Row held)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        update + " WHERE id = 1 AND value = ? AND holder = ?")) {
            statement.setLong(1, held.epoch());
            statement.setString(2, held.holder());
            return statement.executeUpdate() == 1;
        }
    }

    private static Row select(Connection connection, String query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table epoch has no row (expected one)");
            }
            return new Row(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4));
        }
    }
}
