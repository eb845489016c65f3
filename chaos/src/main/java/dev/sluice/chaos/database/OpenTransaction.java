package dev.sluice.chaos.database;

import java.sql.Connection;
import java.sql.SQLException;

/** A transaction that stays open. Owned by the thread that began it. */
final class OpenTransaction implements HeldFault {
    private static final String SEEN =
            "SELECT count(*) FROM pg_stat_activity WHERE pid = ?::int AND state LIKE ?"
                    + " AND xact_start IS NOT NULL";

    private final Sessions sessions;
    private final Connection watcher;
    private final String pid;
    private final String state;

    private OpenTransaction(Sessions sessions, Connection watcher, String pid, String state) {
        this.sessions = sessions;
        this.watcher = watcher;
        this.pid = pid;
        this.state = state;
    }

    /**
     * @param sql its only statements
     * @param state what {@code pg_stat_activity} says of it
     */
    static HeldFault begin(Sessions sessions, String sql, String state) throws SQLException {
        Connection watcher = sessions.open();
        Connection held = sessions.openTransaction();
        Sessions.run(held, sql);
        String pid = Long.toString(Sessions.number(held, "SELECT pg_backend_pid()"));
        return new OpenTransaction(sessions, watcher, pid, state);
    }

    @Override
    public long witness() throws SQLException {
        return Sessions.number(watcher, SEEN, pid, state);
    }

    @Override
    public void close() throws SQLException {
        sessions.close();
    }
}
