package dev.sluice.control.store;

import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The log in one SQLite file: write-ahead log, {@code synchronous=FULL}, so that a commit is on the
 * disk when it returns. One process owns the file by an advisory lock beside it.
 *
 * <p>Owned by one thread at a time: the writer, after start-up.
 */
public final class SqliteEventStore implements EventStore {
    /**
     * A transaction is one that writes from its first statement on: one that began by reading is
     * refused as soon as another connection has written an image meanwhile.
     */
    private static final Properties AT_ONCE = atOnce();

    private final Path file;
    private final FileOwnership ownership;
    private final Connection connection;
    private final long epoch;
    private Head head;

    private SqliteEventStore(
            Path file, FileOwnership ownership, Connection connection, Head head, long epoch) {
        this.file = file;
        this.ownership = ownership;
        this.connection = connection;
        this.head = head;
        this.epoch = epoch;
    }

    /**
     * Opens the log, and makes it where there is none.
     *
     * @param history whether the file is where this control plane left it or a restored backup,
     *     which raises the epoch
     * @throws StoreException when another process has it, it is no such file, or it is damaged
     */
    public static SqliteEventStore open(Path file, History history) {
        FileOwnership ownership = FileOwnership.take(file);
        Connection connection = null;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file, AT_ONCE);
            SqliteSchema.prepare(file, connection);
            Head head = StoredLog.head(connection);
            long epoch = epochAfter(connection, history);
            return new SqliteEventStore(file, ownership, connection, head, epoch);
        } catch (SQLException | IllegalArgumentException e) {
            abandon(connection, ownership);
            throw damaged(file, "cannot be opened: " + e.getMessage(), Head.EMPTY, e);
        } catch (StoreException e) {
            abandon(connection, ownership);
            throw e;
        }
    }

    /** Fills a file that has no log; see {@link LogRestore}. */
    static Head restore(Path file, LogCopy copy) {
        try (SqliteEventStore store = open(file, History.CONTINUED)) {
            store.connection.setAutoCommit(false);
            Head end = LogRestore.fill(file.toString(), store.connection, copy);
            store.connection.commit();
            return end;
        } catch (SQLException e) {
            throw damaged(file, "cannot be written: " + e.getMessage(), Head.EMPTY, e);
        }
    }

    /** Whether the log continues or was put back from a copy. */
    public enum History {
        CONTINUED,
        /** Sidecars may have seen later revisions than this log has: the epoch is raised. */
        RESTORED
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public Head head() {
        return head;
    }

    @Override
    public List<LoggedEvent> read(long firstSeq, int limit) {
        try {
            return StoredLog.select(connection, firstSeq, limit);
        } catch (SQLException | IllegalArgumentException e) {
            throw damaged(file, "cannot be read: " + e.getMessage(), head, e);
        }
    }

    @Override
    public List<LoggedEvent> after(Head place, int limit) {
        try {
            return StoredLog.after(file.toString(), connection, place, limit);
        } catch (SQLException e) {
            Head good = StoredLog.goodUpTo(connection, place);
            throw damaged(file, "is damaged: " + e.getMessage(), good, e);
        }
    }

    @Override
    public EventReader reader() {
        return LogReader.open(file);
    }

    @Override
    public ImageStore images() {
        return new StoredImages(SqliteConnection.toKeep(file));
    }

    @Override
    public void append(List<LoggedEvent> batch) {
        try {
            connection.setAutoCommit(false);
            StoredLog.requireContinuation(
                    file.toString(),
                    StoredLog.head(connection),
                    readEpoch(connection),
                    batch.getFirst());
            StoredLog.insert(connection, batch);
            connection.commit();
            head = new Head(batch.getLast().seq(), batch.getLast().hash());
        } catch (StoreException e) {
            rollBack();
            throw e;
        } catch (SQLException e) {
            rollBack();
            refreshHead();
            throw damaged(file, "cannot be written: " + e.getMessage(), head, e);
        } finally {
            autoCommit();
        }
    }

    @Override
    public void close() {
        abandon(connection, ownership);
    }

    private static Properties atOnce() {
        var properties = new Properties();
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return properties;
    }

    private static long epochAfter(Connection connection, History history) throws SQLException {
        if (history == History.RESTORED) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE epoch SET value = value + 1 WHERE id = 1");
            }
        }
        return readEpoch(connection);
    }

    private static long readEpoch(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT value FROM epoch WHERE id = 1")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException ignored) {
            // the transaction ends with the connection; the first failure is the one to tell
        }
    }

    private void refreshHead() {
        try {
            head = StoredLog.head(connection);
        } catch (SQLException | IllegalArgumentException ignored) {
            // the next append compares with the file again
        }
    }

    private void autoCommit() {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException ignored) {
            // the next statement fails and says why
        }
    }

    private static StoreException damaged(Path file, String what, Head lastGood, Exception cause) {
        return StoredLog.damaged(file.toString(), what, lastGood, cause);
    }

    private static void abandon(@Nullable Connection connection, FileOwnership ownership) {
        try (ownership) {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException ignored) {
            // closing is the end of it; what was committed is on the disk
        }
    }
}
