package dev.sluice.chaos.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The sessions of one fault, all named {@link #NAME}. Owned by the thread that opened it. */
final class Sessions implements AutoCloseable {
    /** Their {@code application_name}, by which anybody can find and end them. */
    static final String NAME = "sluice-chaos";

    private final String url;
    private final Properties properties;
    private final List<Connection> open = new ArrayList<>();

    /**
     * @param url {@code jdbc:postgresql://…}
     */
    Sessions(String url, String user, String password) {
        this.url = url;
        this.properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", NAME);
        properties.setProperty("connectTimeout", "10");
    }

    Connection open() throws SQLException {
        Connection opened = DriverManager.getConnection(url, properties);
        open.add(opened);
        return opened;
    }

    /** One whose transaction stays open. */
    Connection openTransaction() throws SQLException {
        Connection opened = open();
        opened.setAutoCommit(false);
        return opened;
    }

    /** The one that was opened first. */
    Connection first() {
        return open.getFirst();
    }

    int size() {
        return open.size();
    }

    /** Runs a statement that gives nothing, or whose rows nobody wants. */
    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that a query gives. */
    static long number(Connection connection, String sql, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /** Ends all; the database rolls back what they had begun. */
    @Override
    public void close() throws SQLException {
        SQLException failed = null;
        for (Connection connection : open.reversed()) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                failed = e;
            }
        }
        open.clear();
        if (failed != null) {
            throw failed;
        }
    }
}
