package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LeaseTable;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.util.List;

/**
 * The log in a PostgreSQL database, in the schema {@code sluice}, shared by replicas: all read it,
 * and the one that holds the lease appends. The row of the lease is locked and its epoch compared
 * in the transaction of every append.
 *
 * <p>The database may go and come back: calls fail meanwhile, and the next one connects again.
 * Owned by one thread at a time: the writer, after start-up; only {@link #epoch()} and {@link
 * #isOwn()} are for all.
 */
public final class PostgresEventStore implements EventStore, LeaseTable {
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
                                    "INSERT INTO epoch (id, value) VALUES (1, 0)"),
                            List.of(
                                    """
                                    ALTER TABLE epoch
                                      ADD COLUMN holder  TEXT   NOT NULL DEFAULT '',
                                      ADD COLUMN address TEXT   NOT NULL DEFAULT '',
                                      ADD COLUMN beat    BIGINT NOT NULL DEFAULT 0
                                    """),
                            List.of(
                                    "CREATE TABLE secret (value TEXT NOT NULL)",
                                    """
                                    INSERT INTO secret (value)
                                      VALUES (gen_random_uuid()::text || gen_random_uuid()::text)
                                    """),
                            List.of(
                                    """
                                    CREATE TABLE image (
                                      seq    BIGINT NOT NULL,
                                      form   TEXT   NOT NULL,
                                      hash   TEXT   NOT NULL,
                                      digest TEXT   NOT NULL,
                                      PRIMARY KEY (seq, form)
                                    )
                                    """,
                                    """
                                    CREATE TABLE image_part (
                                      seq     BIGINT  NOT NULL,
                                      form    TEXT    NOT NULL,
                                      part    INTEGER NOT NULL,
                                      content BYTEA   NOT NULL,
                                      PRIMARY KEY (seq, form, part)
                                    )
                                    """)));

    private final PostgresAddress address;
    private final PostgresConnection database;
    private Head head;
    private volatile Row known;
    private volatile boolean holding;

    private PostgresEventStore(
            PostgresAddress address, PostgresConnection database, Head head, Row known) {
        this.address = address;
        this.database = database;
        this.head = head;
        this.known = known;
    }

    /**
     * Opens the log to read it, and makes it where there is none.
     *
     * @throws StoreException when the database does not answer
     */
    public static PostgresEventStore open(PostgresAddress address) {
        return open(address, SCHEMA);
    }

    /**
     * @param steps of the program that opens it
     */
    static PostgresEventStore open(PostgresAddress address, SchemaSteps steps) {
        var database = new PostgresConnection(address);
        try {
            database.upgrade(steps);
            return new PostgresEventStore(
                    address, database, database.run(StoredLog::head), database.run(LeaseRow::read));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Fills a database that has no log; see {@link LogRestore}. */
    static Head restore(PostgresAddress address, LogCopy copy) {
        try (PostgresEventStore store = open(address)) {
            return store.database.transact(connection -> {
                LeaseRow.locked(connection);
                return LogRestore.fill(address.toString(), connection, copy);
            });
        }
    }

    /** What replicas of this log know each other by: who can read it can write the log anyway. */
    public String secret() {
        return database.run(connection -> {
            try (var select = connection.prepareStatement("SELECT value FROM secret");
                    var row = select.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        });
    }

    /** Of the lease that is held, or of the one that was seen last. */
    @Override
    public long epoch() {
        return known.epoch();
    }

    @Override
    public boolean isOwn() {
        return holding;
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
    public List<LoggedEvent> after(Head place, int limit) {
        return database.run(
                connection -> StoredLog.after(address.toString(), connection, place, limit));
    }

    @Override
    public EventReader reader() {
        return LogReader.open(address);
    }

    @Override
    public ImageStore images() {
        return new StoredImages(new PostgresConnection(address));
    }

    @Override
    public void append(List<LoggedEvent> batch) {
        requireHeld();
        database.transact(connection -> {
            requireOwn(LeaseRow.locked(connection));
            StoredLog.requireContinuation(
                    address.toString(), StoredLog.head(connection), epoch(), batch.getFirst());
            StoredLog.insert(connection, batch);
            return batch.size();
        });
        head = new Head(batch.getLast().seq(), batch.getLast().hash());
    }

    @Override
    public Row row() {
        Row now = database.run(LeaseRow::read);
        if (!holding) {
            known = now;
        }
        return now;
    }

    @Override
    public boolean take(Row seen, String holder, String at) {
        boolean taken =
                database.transact(connection -> LeaseRow.take(connection, seen, holder, at));
        if (taken) {
            known = new Row(seen.epoch() + 1, holder, at, 0);
            head = database.run(StoredLog::head);
            holding = true;
        }
        return taken;
    }

    @Override
    public boolean renew() {
        holding = holding && database.run(connection -> LeaseRow.renew(connection, known));
        return holding;
    }

    @Override
    public void release() {
        if (holding) {
            holding = false;
            database.run(connection -> LeaseRow.release(connection, known));
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private void requireHeld() {
        if (!holding) {
            throw new StoreException(
                    new Problem(
                            address.toString(),
                            "a replica that follows",
                            known.isFree()
                                    ? "a leader, and there is none now"
                                    : "the leader, at " + known.address(),
                            "ask the leader, or try again in a moment"));
        }
    }

    private void requireOwn(Row current) {
        if (current.epoch() != epoch()) {
            holding = false;
            throw new StoreException(
                    new Problem(
                            address.toString(),
                            "epoch " + epoch() + " of this control plane",
                            "epoch " + current.epoch() + ", since another has taken the lease",
                            "ask the leader, at " + current.address()));
        }
    }
}
