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
public final class LogFile implements AutoCloseable {
    private final Path file;
    private final Connection connection;

    private LogFile(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens a log.
     *
     * @throws StoreException when there is no such file, or it can't be opened
     */
    public static LogFile open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    new Problem(
                            file.toString(),
                            "no file",
                            "the log of a control plane",
                            "name its state folder with --state"));
        }
        try {
            return new LogFile(
                    file, DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?mode=ro"));
        } catch (SQLException e) {
            throw StoredLog.failure(file, "cannot be opened: " + e.getMessage(), Head.EMPTY, e);
        }
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
            throw StoredLog.failure(
                    file,
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
