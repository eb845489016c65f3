package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * A log that is only read, also while a control plane writes it: what was committed when a page is
 * read. Owned by one thread.
 */
public final class LogReader implements AutoCloseable {
    private final String place;
    private final Connection connection;

    private LogReader(String place, Connection connection) {
        this.place = place;
        this.connection = connection;
    }

    /**
     * Opens the log of a SQLite file.
     *
     * @throws StoreException when there is no such file, or it can't be opened
     */
    public static LogReader open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    new Problem(
                            file.toString(),
                            "no file",
                            "the log of a control plane",
                            "name its state folder with --state"));
        }
        try {
            return new LogReader(
                    file.toString(),
                    DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?mode=ro"));
        } catch (SQLException e) {
            throw StoredLog.damaged(
                    file.toString(), "cannot be opened: " + e.getMessage(), Head.EMPTY, e);
        }
    }

    /**
     * Opens the log of a PostgreSQL database.
     *
     * @throws StoreException when it does not answer
     */
    public static LogReader open(PostgresAddress address) {
        var database = new PostgresConnection(address);
        return new LogReader(
                address.toString(),
                database.run(connection -> {
                    connection.setReadOnly(true);
                    return connection;
                }));
    }

    /**
     * Events from {@code firstSeq} on, ascending, at most {@code limit}; empty after the end.
     *
     * @throws StoreException when a line of them can't be read
     */
    public List<LoggedEvent> read(long firstSeq, int limit) {
        try {
            return StoredLog.select(connection, firstSeq, limit);
        } catch (SQLException | IllegalArgumentException e) {
            throw StoredLog.damaged(
                    place,
                    "cannot be read after event " + (firstSeq - 1) + ": " + e.getMessage(),
                    new Head(firstSeq - 1, Digest.ZERO),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // it was only read
        }
    }
}
