package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log in one SQLite file: write-ahead log, {@code synchronous=FULL}, so that a commit is on the
 * disk when it returns. One process owns the file by an advisory lock beside it. Opening reads the
 * whole log and refuses one whose chain is broken, naming the last good event.
 *
 * <p>Owned by one thread at a time: the writer, after start-up.
 */
public final class SqliteEventStore implements EventStore {
    /** {@code PRAGMA application_id} of our files: "SLCE". */
    private static final int APPLICATION_ID = 0x534c4345;

    /** {@code PRAGMA user_version} says how many of them a file has seen. */
    static final SchemaSteps SCHEMA =
            new SchemaSteps(
                    List.of(
                            List.of(
                                    """
                                    CREATE TABLE event (
                                      seq      INTEGER PRIMARY KEY,
                                      epoch    INTEGER NOT NULL,
                                      payload  TEXT    NOT NULL,
                                      previous TEXT    NOT NULL,
                                      hash     TEXT    NOT NULL
                                    ) STRICT
                                    """,
                                    """
                                    CREATE TABLE epoch (
                                      id    INTEGER PRIMARY KEY CHECK (id = 1),
                                      value INTEGER NOT NULL
                                    ) STRICT
                                    """,
                                    "INSERT INTO epoch (id, value) VALUES (1, 1)")));

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
     * Opens the log, makes it where there is none, and verifies it.
     *
     * @param history whether the file is where this control plane left it or a restored backup,
     *     which raises the epoch
     * @throws StoreException when another process has it, it is no such file, or it is damaged
     */
    public static SqliteEventStore open(Path file, History history) {
        FileOwnership ownership = FileOwnership.take(file);
        Connection connection = null;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            prepare(file, connection);
            Head head = StoredLog.verify(file.toString(), connection);
            long epoch = epochAfter(connection, history);
            return new SqliteEventStore(file, ownership, connection, head, epoch);
        } catch (SQLException e) {
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

    private static void prepare(Path file, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int id = pragma(statement, "application_id");
            int version = pragma(statement, "user_version");
            boolean fresh = id == 0 && version == 0 && isEmpty(statement);
            if (!fresh && id != APPLICATION_ID) {
                throw new StoreException(
                        new Problem(
                                file.toString(),
                                "a SQLite file of application " + id,
                                "an event log of this program",
                                "name another file"));
            }
            List<String> missing = SCHEMA.after(file.toString(), version);
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA busy_timeout=2000");
            if (!missing.isEmpty()) {
                upgrade(connection, statement, missing);
            }
        }
    }

    /** As a whole or not at all: a file has the tables of one version. */
    private static void upgrade(Connection connection, Statement statement, List<String> missing)
            throws SQLException {
        connection.setAutoCommit(false);
        for (String part : missing) {
            statement.executeUpdate(part);
        }
        statement.executeUpdate("PRAGMA application_id=" + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version=" + SCHEMA.newest());
        connection.commit();
        connection.setAutoCommit(true);
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

    private static int pragma(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return row.next() && row.getInt(1) == 0;
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
