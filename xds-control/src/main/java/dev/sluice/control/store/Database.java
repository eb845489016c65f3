package dev.sluice.control.store;

import dev.sluice.control.change.StoreException;
import java.sql.Connection;
import java.sql.SQLException;

/** A database that answers, or says that it does not. Owned by one thread. */
interface Database extends AutoCloseable {
    /** Something that is asked of it. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Does some work, each statement committed by itself.
     *
     * @throws StoreException when it can't be done, or it is unknown whether it was
     */
    <T> T run(Work<T> work);

    /** Does some work as a whole or not at all. As {@link #run} otherwise. */
    default <T> T transact(Work<T> work) {
        return run(connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                connection.setAutoCommit(true);
                return result;
            } catch (SQLException | RuntimeException failed) {
                undo(connection, failed);
                throw failed;
            }
        });
    }

    private static void undo(Connection connection, Exception failed) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException gone) {
            failed.addSuppressed(gone); // the transaction ends with the connection
        }
    }

    @Override
    void close();
}
