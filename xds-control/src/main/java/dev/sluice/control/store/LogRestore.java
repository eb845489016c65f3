package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Puts a copy of a log where there is none, as a whole or not at all, under a higher epoch:
 * sidecars may have seen later revisions than the copy has, and must take those that come.
 * Stateless.
 */
public final class LogRestore {
    private LogRestore() {}

    /**
     * Into a SQLite file.
     *
     * @return the end of the copy
     * @throws StoreException when the file has a log, is in use or can't be written, or the copy is
     *     damaged
     */
    public static Head into(Path file, LogCopy copy) {
        return SqliteEventStore.restore(file, copy);
    }

    /** Into a PostgreSQL database; as {@link #into(Path, LogCopy)} otherwise. */
    public static Head into(PostgresAddress address, LogCopy copy) {
        return PostgresEventStore.restore(address, copy);
    }

    /** Within a transaction. */
    static Head fill(String place, Connection connection, LogCopy copy) throws SQLException {
        Head there = StoredLog.head(connection);
        if (there.seq() > 0) {
            throw new StoreException(
                    new Problem(
                            place,
                            "a log of " + there.seq() + " events",
                            "none",
                            "name an empty place, or move that log away; nothing was changed"));
        }
        Head at = Head.EMPTY;
        for (List<LoggedEvent> page = copy.next(); !page.isEmpty(); page = copy.next()) {
            Optional<Problem> broken = HashChain.verify(at, page);
            if (broken.isPresent()) {
                throw new StoreException(broken.get());
            }
            StoredLog.insert(connection, page);
            at = new Head(page.getLast().seq(), page.getLast().hash());
        }
        try (PreparedStatement epoch =
                connection.prepareStatement("UPDATE epoch SET value = ? WHERE id = 1")) {
            epoch.setLong(1, copy.epoch() + 1);
            epoch.executeUpdate();
        }
        return at;
    }
}
