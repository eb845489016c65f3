package dev.sluice.chaos.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two sessions that lock two rows of a table in opposite order, again and again: whoever changes
 * one of these rows meanwhile may be a victim too. Owned by the thread that began it.
 */
final class Deadlocks implements HeldFault {
    private static final String DEADLOCK = "40P01";

    private final Sessions sessions;
    private final AtomicLong victims = new AtomicLong();
    private volatile boolean over;

    private Deadlocks(Sessions sessions) {
        this.sessions = sessions;
    }

    static HeldFault begin(Sessions sessions, String table) throws SQLException {
        Connection watcher = sessions.open();
        String rows = "SELECT count(*) FROM (SELECT 1 FROM " + table + " LIMIT 2) two";
        if (Sessions.number(watcher, rows) < 2) {
            throw new SQLException(table + " has less than two rows to deadlock on");
        }
        Deadlocks deadlocks = new Deadlocks(sessions);
        CyclicBarrier both = new CyclicBarrier(2);
        Connection one = sessions.openTransaction();
        Connection other = sessions.openTransaction();
        deadlocks.start(one, row(table, "ASC"), row(table, "DESC"), both);
        deadlocks.start(other, row(table, "DESC"), row(table, "ASC"), both);
        return deadlocks;
    }

    /** The first or the last row, by where it is stored. */
    private static String row(String table, String order) {
        return "SELECT 1 FROM %1$s WHERE ctid = (SELECT ctid FROM %1$s ORDER BY ctid %2$s LIMIT 1)"
                        .formatted(table, order)
                + " FOR UPDATE";
    }

    private void start(Connection session, String first, String second, CyclicBarrier both) {
        Thread.startVirtualThread(() -> {
            while (!over) {
                try {
                    Sessions.run(session, first);
                    both.await();
                    Sessions.run(session, second);
                    session.rollback();
                } catch (SQLException failed) {
                    if (!DEADLOCK.equals(failed.getSQLState())) {
                        both.reset();
                        return;
                    }
                    victims.incrementAndGet();
                    if (!rolledBack(session)) {
                        return;
                    }
                } catch (InterruptedException | BrokenBarrierException ended) {
                    return;
                }
            }
        });
    }

    private static boolean rolledBack(Connection session) {
        try {
            session.rollback();
            return true;
        } catch (SQLException closed) {
            return false;
        }
    }

    /** Deadlocks so far. */
    @Override
    public long witness() {
        return victims.get();
    }

    @Override
    public void close() throws SQLException {
        over = true;
        sessions.close();
    }
}
