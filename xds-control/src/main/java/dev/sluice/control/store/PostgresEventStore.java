package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The log in a PostgreSQL database, in the schema {@code sluice}. Who opens it raises the epoch,
 * and every append holds the row of the epoch: whoever had it before can't append any more, whether
 * it knows or not.
 *
 * <p>The database may go and come back: calls fail meanwhile, and the next one connects again.
 * Owned by one thread at a time: the writer, after start-up.
 */
public final class PostgresEventStore implements EventStore {
    static final SchemaSteps SCHEMA =
            new SchemaSteps(
                    List.of(
                            List.of(
                                    """
                                    CREATE TABLE event (
                                      seq      BIGINT PRIMARY KEY,
                                      epoch    BIGINT NOT NULL,
                                      payload  TEXT   NOT NULL,
                                      previous TEXT   NOT NULL,
                                      hash     TEXT   NOT NULL
                                    )
                                    """,
                                    """
                                    CREATE TABLE epoch (
                                      id    INTEGER PRIMARY KEY CHECK (id = 1),
                                      value BIGINT  NOT NULL
                                    )
                                    """,
                                    "INSERT INTO epoch (id, value) VALUES (1, 0)")));

    private final PostgresAddress address;
    private final PostgresConnection database;
    private final long epoch;
    private Head head;

    private PostgresEventStore(
            PostgresAddress address, PostgresConnection database, Head head, long epoch) {
        this.address = address;
        this.database = database;
        this.head = head;
        this.epoch = epoch;
    }

    /**
     * Opens the log, makes it where there is none, verifies it, and takes it over from whoever had
     * it.
     *
     * @throws StoreException when the database does not answer, or the log is damaged
     */
    public static PostgresEventStore open(PostgresAddress address) {
        var database = new PostgresConnection(address);
        try {
            database.upgrade(SCHEMA);
            Head head =
                    database.run(connection -> StoredLog.verify(address.toString(), connection));
            long epoch = database.transact(PostgresEventStore::raisedEpoch);
            return new PostgresEventStore(address, database, head, epoch);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
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
            return database.run(connection -> StoredLog.select(connection, firstSeq, limit));
        } catch (IllegalArgumentException e) {
            throw StoredLog.damaged(
                    address.toString(), "cannot be read: " + e.getMessage(), head, e);
        }
    }

    @Override
    public void append(List<LoggedEvent> batch) {
        database.transact(connection -> {
            requireOwn(lockedEpoch(connection));
            StoredLog.requireContinuation(
                    address.toString(), StoredLog.head(connection), epoch, batch.getFirst());
            StoredLog.insert(connection, batch);
            return batch.size();
        });
        head = new Head(batch.getLast().seq(), batch.getLast().hash());
    }

    @Override
    public void close() {
        database.close();
    }

    private void requireOwn(long current) {
        if (current != epoch) {
            throw new StoreException(
                    new Problem(
                            address.toString(),
                            "epoch " + epoch + " of this control plane",
                            "epoch " + current + ", since another one has taken the log over",
                            "ask the other one; stop this one if it should not run"));
        }
    }

    private static long raisedEpoch(Connection connection) throws SQLException {
        return one(connection, "UPDATE epoch SET value = value + 1 WHERE id = 1 RETURNING value");
    }

    private static long lockedEpoch(Connection connection) throws SQLException {
        return one(connection, "SELECT value FROM epoch WHERE id = 1 FOR UPDATE");
    }

    private static long one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
