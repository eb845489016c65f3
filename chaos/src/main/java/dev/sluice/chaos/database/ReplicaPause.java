package dev.sluice.chaos.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A replica that does not apply what it gets. This one does not end with its session: whoever dies
 * with it leaves the replica paused, so a file has {@link #takeBack} as a rollback too. Owned by
 * the thread that began it.
 */
final class ReplicaPause implements HeldFault {
    private static final String PAUSED =
            "SELECT CASE WHEN pg_is_wal_replay_paused() THEN 1 ELSE 0 END";

    private static final String RECOVERS = "SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END";

    private final Sessions sessions;
    private final Connection replica;

    private ReplicaPause(Sessions sessions, Connection replica) {
        this.sessions = sessions;
        this.replica = replica;
    }

    static HeldFault begin(Sessions sessions) throws SQLException {
        Connection replica = sessions.open();
        if (Sessions.number(replica, RECOVERS) == 0) {
            throw new SQLException("this server is no replica; only a replica's replay is paused");
        }
        if (Sessions.number(replica, PAUSED) == 1) {
            throw new SQLException("the replica is paused already, by somebody else");
        }
        Sessions.run(replica, "SELECT pg_wal_replay_pause()");
        return new ReplicaPause(sessions, replica);
    }

    /**
     * Takes back a pause that somebody has left behind.
     *
     * @return whether there was one
     */
    static boolean takeBack(Sessions sessions) throws SQLException {
        try (sessions) {
            Connection replica = sessions.open();
            boolean paused =
                    Sessions.number(replica, RECOVERS) == 1
                            && Sessions.number(replica, PAUSED) == 1;
            if (paused) {
                Sessions.run(replica, "SELECT pg_wal_replay_resume()");
            }
            return paused;
        }
    }

    @Override
    public long witness() throws SQLException {
        return Sessions.number(replica, PAUSED);
    }

    @Override
    public void close() throws SQLException {
        Sessions.run(replica, "SELECT pg_wal_replay_resume()");
        sessions.close();
    }
}
