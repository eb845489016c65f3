package dev.sluice.control.orchestrate;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One backup, written on a thread of its own. Thread-safe. */
final class LogBackup implements LongWork {
    private static final Logger LOG = LoggerFactory.getLogger(LogBackup.class);

    private final OperationName name;
    private final Backups backups;
    private final Executor executor;
    private final Runnable news;
    private boolean begun;
    private Optional<OperationOutcome> outcome = Optional.empty();

    /**
     * @param executor of threads that may wait
     * @param news called at the end
     */
    LogBackup(OperationName name, Backups backups, Executor executor, Runnable news) {
        this.name = name;
        this.backups = backups;
        this.executor = executor;
        this.news = news;
    }

    @Override
    public synchronized void tick() {
        if (!begun) {
            begun = true;
            executor.execute(this::write);
        }
    }

    private void write() {
        OperationOutcome how;
        try {
            how = backups.write(name);
        } catch (RuntimeException e) {
            LOG.warn("backup {} failed", name, e);
            how = new OperationOutcome.Failed(Cause.INTERNAL, String.valueOf(e.getMessage()));
        }
        synchronized (this) {
            outcome = Optional.of(how);
        }
        news.run();
    }

    /** Known at the end only. */
    @Override
    public synchronized long progress() {
        return outcome.filter(OperationOutcome.BackedUp.class::isInstance)
                .map(done -> ((OperationOutcome.BackedUp) done).seq())
                .orElse(0L);
    }

    @Override
    public synchronized Optional<OperationOutcome> outcome() {
        return outcome;
    }

    /** A file that is being written is written to its end, and is nobody's. */
    @Override
    public void stop() {}
}
