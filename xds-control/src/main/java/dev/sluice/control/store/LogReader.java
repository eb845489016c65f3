package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A log that is only read, also while a control plane writes it: what was committed when a page is
 * read. Owned by one thread at a time.
 */
public final class LogReader implements EventReader {
    private final String place;
    private final Database database;
    private final AutoCloseable ownership;

    private LogReader(String place, Database database, AutoCloseable ownership) {
        this.place = place;
        this.database = database;
        this.ownership = ownership;
    }

    /**
     * Opens the log of a SQLite file.
     *
     * @throws StoreException when there is no such file, or it can't be opened
     */
    public static LogReader open(Path file) {
        return open(file, () -> {});
    }

    private static LogReader open(Path file, AutoCloseable ownership) {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    new Problem(
                            file.toString(),
                            "no file",
                            "the log of a control plane",
                            "name its state folder with --state"));
        }
        return new LogReader(file.toString(), SqliteConnection.toRead(file), ownership);
    }

    /**
     * As {@link #open(Path)}, when no control plane has the file, and none takes it until this is
     * closed.
     */
    public static LogReader openAlone(Path file) {
        FileOwnership ownership = FileOwnership.take(file);
        try {
            return open(file, ownership);
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
        database.run(connection -> connection.isValid(0)); // one that does not answer says so now
        return new LogReader(address.toString(), database, () -> {});
    }

    /**
     * Where the log ends now.
     *
     * @throws StoreException when that can't be read
     */
    public Head head() {
        return run(StoredLog::head, Head.EMPTY);
    }

    /**
     * The epoch of the log now.
     *
     * @throws StoreException when that can't be read
     */
    public long epoch() {
        return run(
                connection -> {
                    try (var statement = connection.createStatement();
                            var row =
                                    statement.executeQuery(
                                            "SELECT value FROM epoch WHERE id = 1")) {
                        return row.next() ? row.getLong(1) : 0;
                    }
                },
                Head.EMPTY);
    }

    /** The newest image of a form; empty when there is none that can be read. */
    public Optional<Image> image(String form) {
        try {
            return database.run(connection -> StoredImages.newest(connection, form));
        } catch (StoreException noTable) {
            return Optional.empty(); // of a program that kept none
        }
    }

    @Override
    public List<LoggedEvent> read(long firstSeq, int limit) {
        return run(
                connection -> StoredLog.select(connection, firstSeq, limit),
                new Head(firstSeq - 1, Digest.ZERO));
    }

    @Override
    public void verify(Head upTo) {
        run(connection -> StoredLog.verify(place, connection, upTo), Head.EMPTY);
    }

    @Override
    public void close() {
        try (ownership) {
            database.close();
        } catch (Exception ignored) {
            // it was only read
        }
    }

    private <T> T run(Database.Work<T> work, Head lastGood) {
        try {
            return database.run(work);
        } catch (IllegalArgumentException e) {
            throw StoredLog.damaged(
                    place,
                    "cannot be read after event " + lastGood.seq() + ": " + e.getMessage(),
                    lastGood,
                    e);
        }
    }
}
