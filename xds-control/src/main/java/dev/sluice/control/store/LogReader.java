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
    private final AutoCloseable ownership;

    private LogReader(String place, Connection connection) {
        this(place, connection, () -> {});
    }

    private LogReader(String place, Connection connection, AutoCloseable ownership) {
        this.place = place;
        this.connection = connection;
        this.ownership = ownership;
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
     * As {@link #open(Path)}, when no control plane has the file, and none takes it until this is
     * closed.
     */
    public static LogReader openAlone(Path file) {
        FileOwnership ownership = FileOwnership.take(file);
        try {
            return new LogReader(file.toString(), open(file).connection, ownership);
        } catch (StoreException e) {
            ownership.close();
            throw e;
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
     * Where the log ends now.
     *
     * @throws StoreException when that can't be read
     */
    public Head head() {
        try {
            return StoredLog.head(connection);
        } catch (SQLException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /**
     * The epoch of the log now.
     *
     * @throws StoreException when that can't be read
     */
    public long epoch() {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT value FROM epoch WHERE id = 1")) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private StoreException unreadable(Exception e) {
        return StoredLog.damaged(place, "cannot be read: " + e.getMessage(), Head.EMPTY, e);
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
        try (ownership) {
            connection.close();
        } catch (Exception ignored) {
            // it was only read
        }
    }
}
