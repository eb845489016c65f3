package dev.sluice.chaos.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/** A queue for a table's lock. Owned by the thread that began it. */
final class LockQueue implements HeldFault {
    private static final String WAIT =
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                    + " WHERE NOT l.granted AND l.relation = ?::regclass"
                    + " AND a.application_name %s '"
                    + Sessions.NAME
                    + "'";
    private static final String OURS = WAIT.formatted("=");
    private static final String OTHERS = WAIT.formatted("<>");

    private final Sessions sessions;
    private final Connection watcher;
    private final String table;

    private LockQueue(Sessions sessions, Connection watcher, String table) {
        this.sessions = sessions;
        this.watcher = watcher;
        this.table = table;
    }

    static HeldFault begin(Sessions sessions, String table) throws SQLException {
        Connection watcher = sessions.open();
        Connection reader = sessions.openTransaction();
        Sessions.run(reader, "LOCK TABLE " + table + " IN ACCESS SHARE MODE");
        Connection change = sessions.openTransaction();
        CompletableFuture<Void> waits =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                Sessions.run(
                                        change,
                                        "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
                            } catch (SQLException ended) {
                                // Its session was closed: the fault is over.
                            }
                        },
                        Thread::startVirtualThread);
        while (Sessions.number(watcher, OURS, table) == 0) {
            if (waits.isDone()) {
                throw new SQLException("the schema change did not wait for its lock");
            }
            Thread.onSpinWait();
        }
        return new LockQueue(sessions, watcher, table);
    }

    /** Other sessions that wait for the table. */
    @Override
    public long witness() throws SQLException {
        return Sessions.number(watcher, OTHERS, table);
    }

    @Override
    public void close() throws SQLException {
        sessions.close();
    }
}
