package dev.sluice.control.store;

import dev.sluice.control.change.EventStore.Head;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A further connection to a file whose log another one writes. Owned by one thread. */
final class SqliteConnection implements Database {
    private final Path file;
    private final Connection connection;

    private SqliteConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** To read what is committed. */
    static SqliteConnection toRead(Path file) {
        return open(file, file.toUri() + "?mode=ro");
    }

    /**
     * To write what may be lost: a commit is not waited for, and waits for those of the log up to
     * 10 s.
     */
    static SqliteConnection toKeep(Path file) {
        SqliteConnection database = open(file, file.toString());
        database.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=10000");
                return statement.execute("PRAGMA synchronous=NORMAL");
            }
        });
        return database;
    }

    private static SqliteConnection open(Path file, String address) {
        try {
            return new SqliteConnection(
                    file, DriverManager.getConnection("jdbc:sqlite:" + address));
        } catch (SQLException e) {
            throw StoredLog.damaged(
                    file.toString(), "cannot be opened: " + e.getMessage(), Head.EMPTY, e);
        }
    }

    @Override
    public <T> T run(Work<T> work) {
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw StoredLog.damaged(
                    file.toString(), "does not answer: " + e.getMessage(), Head.EMPTY, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // what was committed is on the disk, and the log is another's
        }
    }
}
