package dev.sluice.chaos.database;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections that somebody else would have needed. Owned by the thread that began it. */
final class Exhaustion implements HeldFault {
    /** There is no connection left, for anybody or for this user. */
    private static final String FULL = "53300";

    private static final String END_OTHERS =
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE usename = current_user AND application_name <> '"
                    + Sessions.NAME
                    + "'";

    private static final int MOST_ROUNDS = 1_000;

    /** A session that was ended holds its connection a little longer than it is shown. */
    private static final int MOST_ROUNDS_ALONE = 100;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Sessions sessions;

    private Exhaustion(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Takes connections until there are so many, or none left.
     *
     * @param others what becomes of sessions that this user has already
     */
    static HeldFault begin(Sessions sessions, int connections, DatabaseFaults.Others others)
            throws SQLException {
        int rounds = 0;
        int alone = 0;
        while (sessions.size() < connections) {
            try {
                var unused = sessions.open();
            } catch (SQLException refused) {
                if (!FULL.equals(refused.getSQLState()) || sessions.size() == 0) {
                    throw refused;
                }
                if (others == DatabaseFaults.Others.STAY
                        || ++rounds == MOST_ROUNDS
                        || alone == MOST_ROUNDS_ALONE) {
                    break;
                }
                alone = Sessions.number(sessions.first(), END_OTHERS) > 0 ? 0 : alone + 1;
                LockSupport.parkNanos(PAUSE);
            }
        }
        return new Exhaustion(sessions);
    }

    /** How many it has taken. */
    @Override
    public long witness() {
        return sessions.size();
    }

    @Override
    public void close() throws SQLException {
        sessions.close();
    }
}
