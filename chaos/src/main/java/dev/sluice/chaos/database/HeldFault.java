package dev.sluice.chaos.database;

import java.sql.SQLException;
import java.time.Duration;

/** A fault of a database that is on until it is closed. Owned by the thread that began it. */
public interface HeldFault extends AutoCloseable {
    /** What shows that it is on: what it counts is said by each kind. */
    long witness() throws SQLException;

    /**
     * Keeps it on for so long.
     *
     * @param pause between two looks
     * @return the largest witness that was seen
     */
    default long hold(Duration length, Duration pause) throws SQLException, InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        long most = witness();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
            most = Math.max(most, witness());
        }
        return most;
    }

    /** Takes it back. */
    @Override
    void close() throws SQLException;
}
