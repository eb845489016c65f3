package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.change.codec.EventCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events as they lie in the table {@code event}, which is the same in every database: reading
 * and adding them, and telling what is damaged. Places are file names or addresses, for people.
 * Stateless.
 */
final class StoredLog {
    private static final int PAGE = 1_000;
    private static final String SELECT = "SELECT seq, epoch, payload, previous, hash FROM event";

    private StoredLog() {}

    /**
     * Events that follow a place, their chain unbroken from there.
     *
     * @throws StoreException naming the last good event, when it is broken or a line can't be read;
     *     or that a later program wrote it
     */
    static List<LoggedEvent> after(String place, Connection connection, Head from, int limit)
            throws SQLException {
        List<LoggedEvent> page;
        try {
            page = select(connection, from.seq() + 1, limit);
        } catch (IllegalArgumentException e) {
            throw damaged(place, "is damaged: " + e.getMessage(), goodUpTo(connection, from), e);
        }
        Optional<Problem> broken = HashChain.verify(from, page);
        if (broken.isPresent()) {
            throw broken(place, broken.get(), goodUpTo(connection, from));
        }
        return page;
    }

    /**
     * Computes every hash up to a place again, from what is stored.
     *
     * @throws StoreException naming the last good event, when the chain is broken or has another
     *     event at that place
     */
    static Head verify(String place, Connection connection, Head upTo) throws SQLException {
        Head at = Head.EMPTY;
        while (at.seq() < upTo.seq()) {
            Head before = at;
            at = verifiedPage(place, connection, at, upTo.seq());
            if (at.equals(before)) {
                break;
            }
        }
        if (!at.equals(upTo)) {
            throw damaged(
                    place,
                    "has another event " + upTo.seq() + " than an image of it says",
                    at,
                    null);
        }
        return at;
    }

    private static Head verifiedPage(String place, Connection connection, Head from, long last)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        SELECT + " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?")) {
            query.setLong(1, from.seq());
            query.setLong(2, last);
            query.setInt(3, PAGE);
            try (ResultSet row = query.executeQuery()) {
                Head at = from;
                while (row.next()) {
                    Digest hash =
                            HashChain.hash(
                                    at.hash(), at.seq() + 1, row.getLong(2), row.getString(3));
                    if (row.getLong(1) != at.seq() + 1 || !row.getString(5).equals(hash.hex())) {
                        throw damaged(
                                place, "has a broken chain at event " + (at.seq() + 1), at, null);
                    }
                    at = new Head(at.seq() + 1, hash);
                }
                return at;
            }
        }
    }

    /** The last event in an unbroken chain, found one by one from a good one on. */
    static Head goodUpTo(Connection connection, Head from) {
        Head at = from;
        while (true) {
            try {
                List<LoggedEvent> next = select(connection, at.seq() + 1, 1);
                if (next.isEmpty() || HashChain.verify(at, next).isPresent()) {
                    return at;
                }
                at = new Head(next.getFirst().seq(), next.getFirst().hash());
            } catch (SQLException | IllegalArgumentException damaged) {
                return at;
            }
        }
    }

    static List<LoggedEvent> select(Connection connection, long firstSeq, int limit)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(SELECT + " WHERE seq >= ? ORDER BY seq LIMIT ?")) {
            query.setLong(1, firstSeq);
            query.setInt(2, limit);
            try (ResultSet rows = query.executeQuery()) {
                List<LoggedEvent> events = new ArrayList<>();
                while (rows.next()) {
                    events.add(event(rows));
                }
                return events;
            }
        }
    }

    /** Where the log ends, as it says itself. */
    static Head head(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")) {
            return row.next() ? new Head(row.getLong(1), new Digest(row.getString(2))) : Head.EMPTY;
        }
    }

    static void insert(Connection connection, List<LoggedEvent> batch) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO event (seq, epoch, payload, previous, hash)"
                                + " VALUES (?, ?, ?, ?, ?)")) {
            for (LoggedEvent event : batch) {
                insert.setLong(1, event.seq());
                insert.setLong(2, event.epoch());
                insert.setString(3, event.payload());
                insert.setString(4, event.previous().hex());
                insert.setString(5, event.hash().hex());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * @throws StoreException when {@code first} is not the event that comes next
     */
    static void requireContinuation(String place, Head end, long epoch, LoggedEvent first) {
        if (!end.equals(new Head(first.seq() - 1, first.previous())) || first.epoch() != epoch) {
            throw new StoreException(
                    new Problem(
                            place,
                            "event " + first.seq() + " of epoch " + first.epoch(),
                            "event " + (end.seq() + 1) + " of epoch " + epoch,
                            "another process has written this log: stop it, then start again"));
        }
    }

    private static LoggedEvent event(ResultSet row) throws SQLException {
        long seq = row.getLong(1);
        String payload = row.getString(3);
        Digest hash = new Digest(row.getString(5));
        try {
            EventCodec.Line line = EventCodec.decode(payload);
            return new LoggedEvent(
                    seq,
                    row.getLong(2),
                    line.stamp(),
                    line.event(),
                    payload,
                    new Digest(row.getString(4)),
                    hash);
        } catch (IllegalArgumentException e) {
            String what = "event " + seq + ": " + e.getMessage();
            Digest previous = new Digest(row.getString(4));
            throw HashChain.hash(previous, seq, row.getLong(2), payload).equals(hash)
                    ? new LaterEvent(what, e)
                    : new IllegalArgumentException(what, e);
        }
    }

    /** An event whose hash is right and that says what this program does not know. */
    private static final class LaterEvent extends IllegalArgumentException {
        LaterEvent(String what, Exception cause) {
            super(what, cause);
        }
    }

    private static StoreException broken(String place, Problem broken, Head good) {
        return new StoreException(
                new Problem(
                        place + ", " + broken.path(),
                        broken.got(),
                        broken.expected(),
                        remedy(good)));
    }

    /**
     * What is told of a log that can't be read; a later program's is not damaged, and to be left as
     * it is.
     */
    static StoreException damaged(
            String place, String what, Head lastGood, @Nullable Exception cause) {
        if (cause instanceof LaterEvent later) {
            return new StoreException(
                    new Problem(
                            place,
                            String.valueOf(later.getMessage()),
                            "events that this program knows",
                            "run the version that wrote it, or a later one: its hash is right, so"
                                    + " nothing is damaged; nothing was changed"));
        }
        Problem problem = new Problem(place, what, "a whole event log", remedy(lastGood));
        return cause == null ? new StoreException(problem) : new StoreException(problem, cause);
    }

    private static String remedy(Head lastGood) {
        return "move it away and restore a backup (sluice store restore FILE); the last good event"
                + " is "
                + lastGood.seq();
    }
}
