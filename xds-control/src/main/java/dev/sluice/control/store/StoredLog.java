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

/**
 * The events as they lie in the table {@code event}, which is the same in every database: reading
 * and adding them, and telling what is damaged. Places are file names or addresses, for people.
 * Stateless.
 */
final class StoredLog {
    private static final int PAGE = 1_000;

    private StoredLog() {}

    /** The end of the log, after every event was read and its hash computed again. */
    static Head verify(String place, Connection connection) throws SQLException {
        Head at = Head.EMPTY;
        while (true) {
            List<LoggedEvent> page;
            try {
                page = select(connection, at.seq() + 1, PAGE);
            } catch (IllegalArgumentException e) {
                throw damaged(place, "is damaged: " + e.getMessage(), goodUpTo(connection, at), e);
            } catch (SQLException e) {
                throw damaged(place, "is damaged: " + e.getMessage(), goodUpTo(connection, at), e);
            }
            Optional<Problem> broken = HashChain.verify(at, page);
            if (broken.isPresent()) {
                Head good = goodUpTo(connection, at);
                throw new StoreException(
                        new Problem(
                                place + ", " + broken.get().path(),
                                broken.get().got(),
                                broken.get().expected(),
                                remedy(good)));
            }
            if (page.isEmpty()) {
                return at;
            }
            at = new Head(page.getLast().seq(), page.getLast().hash());
        }
    }

    /** The last event in an unbroken chain, found one by one from a good one on. */
    private static Head goodUpTo(Connection connection, Head from) {
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
                connection.prepareStatement(
                        "SELECT seq, epoch, payload, previous, hash FROM event"
                                + " WHERE seq >= ? ORDER BY seq LIMIT ?")) {
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
        try {
            EventCodec.Line line = EventCodec.decode(payload);
            return new LoggedEvent(
                    seq,
                    row.getLong(2),
                    line.stamp(),
                    line.event(),
                    payload,
                    new Digest(row.getString(4)),
                    new Digest(row.getString(5)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("event " + seq + ": " + e.getMessage(), e);
        }
    }

    static StoreException damaged(String place, String what, Head lastGood, Exception cause) {
        return new StoreException(
                new Problem(place, what, "a whole event log", remedy(lastGood)), cause);
    }

    private static String remedy(Head lastGood) {
        return "move it away and restore a backup (sluice store restore FILE); the last good event"
                + " is "
                + lastGood.seq();
    }
}
