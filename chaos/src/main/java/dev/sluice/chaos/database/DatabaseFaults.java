package dev.sluice.chaos.database;

import java.sql.SQLException;
import java.util.Locale;

/** Begins faults on one database. Immutable. */
public final class DatabaseFaults {
    private final String url;
    private final String user;
    private final String password;

    /**
     * @param url {@code jdbc:postgresql://HOST:PORT/DATABASE}
     */
    public DatabaseFaults(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** What can be wrong with a database. */
    public enum Kind {
        /**
         * A schema change that waits for its lock behind a long reader, so that everybody who comes
         * later waits behind it. Counts other sessions that wait for the table.
         */
        LOCK_QUEUE,
        /** A session that has read a table and does nothing more. Counts itself. */
        IDLE_IN_TRANSACTION,
        /** A snapshot that nothing may be cleaned up behind. Counts itself. */
        LONG_TRANSACTION,
        /** Two sessions that take two rows in opposite order. Counts deadlocks. */
        DEADLOCKS,
        /** Connections that somebody else would have needed. Counts them. */
        EXHAUSTION,
        /** A replica that stops to apply what it gets. Counts 1 while it is paused. */
        REPLICA_PAUSE;

        /** As it is written on the command line. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What EXHAUSTION does with sessions that its user has already. */
    public enum Others {
        /** Nothing: a pool that holds connections goes on. */
        STAY,
        /** They are ended, so that a pool that held connections needs new ones. */
        ARE_ENDED
    }

    /**
     * Begins a fault.
     *
     * @param table of LOCK_QUEUE, IDLE_IN_TRANSACTION and DEADLOCKS: {@code table} or {@code
     *     schema.table}
     * @param connections of EXHAUSTION: how many at most
     * @param others of EXHAUSTION
     * @throws SQLException when it can't be begun; then nothing of it is left
     */
    public HeldFault begin(Kind kind, String table, int connections, Others others)
            throws SQLException {
        Sessions sessions = new Sessions(url, user, password);
        try {
            return switch (kind) {
                case LOCK_QUEUE -> LockQueue.begin(sessions, table);
                case IDLE_IN_TRANSACTION ->
                        OpenTransaction.begin(
                                sessions, "SELECT 1 FROM " + table + " LIMIT 1", "idle in%");
                case LONG_TRANSACTION ->
                        OpenTransaction.begin(
                                sessions,
                                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
                                        + " SELECT count(*) FROM pg_class",
                                "%");
                case DEADLOCKS -> Deadlocks.begin(sessions, table);
                case EXHAUSTION -> Exhaustion.begin(sessions, connections, others);
                case REPLICA_PAUSE -> ReplicaPause.begin(sessions);
            };
        } catch (SQLException failed) {
            sessions.close();
            throw failed;
        }
    }

    /**
     * Takes back a REPLICA_PAUSE that a process has left behind.
     *
     * @return whether the replica was paused
     */
    public boolean resumeReplica() throws SQLException {
        return ReplicaPause.takeBack(new Sessions(url, user, password));
    }
}
