package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the database, made anew after a failure: whatever a transaction had done is
 * gone with the old one, or is committed. Tables are in the schema {@code sluice}, so that a
 * database may have others. Owned by one thread.
 */
final class PostgresConnection implements Database {
    private static final String SCHEMA = "sluice";

    private final PostgresAddress address;
    private @Nullable Connection open;

    PostgresConnection(PostgresAddress address) {
        this.address = address;
    }

    @Override
    public <T> T run(Work<T> work) {
        try {
            return work.on(connection());
        } catch (SQLException e) {
            close();
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException ignored) {
            // it is of no use any more
        }
        open = null;
    }

    private Connection connection() throws SQLException {
        if (open == null) {
            Connection fresh = DriverManager.getConnection(address.url(), address.properties());
            try (Statement statement = fresh.createStatement()) {
                // also where the server's own default is weaker
                statement.execute("SET synchronous_commit = on");
                statement.execute("SET lock_timeout = '5s'");
                statement.execute("SET search_path = " + SCHEMA);
            } catch (SQLException e) {
                fresh.close();
                throw e;
            }
            open = fresh;
        }
        return open;
    }

    /** Makes or upgrades the tables; others that start at the same time wait. */
    void upgrade(SchemaSteps steps) {
        transact(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(1397506885)");
                if (number(statement, "SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'")
                        == 0) {
                    statement.execute("CREATE SCHEMA " + SCHEMA);
                }
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
                int version =
                        number(statement, "SELECT coalesce(max(version), 0) FROM schema_version");
                List<String> missing = steps.after(address.toString(), version);
                for (String part : missing) {
                    statement.execute(part);
                }
                if (!missing.isEmpty()) {
                    statement.execute("DELETE FROM schema_version");
                    statement.execute(
                            "INSERT INTO schema_version (version) VALUES (" + steps.newest() + ")");
                }
            }
            return steps.newest();
        });
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private StoreException failure(SQLException e) {
        return new StoreException(
                new Problem(
                        address.toString(),
                        String.valueOf(e.getMessage()).replace('\n', ' '),
                        "a database that answers",
                        "check that it runs and that this user may write to it; nothing was"
                                + " changed"),
                e);
    }
}
