package dev.sluice.control.orchestrate;

import dev.sluice.control.audit.LogCheck;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import dev.sluice.control.path.EventLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One run over the log, page by page, which computes every hash again. Its pages follow each other,
 * whichever thread they come on; one that can't be read is asked for again, for a while.
 * Thread-safe.
 */
final class LogVerification implements LongWork {
    /** How long a log may be unreadable. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int PAGE = 1_000;

    private final long total;
    private final EventLog log;
    private final Executor executor;
    private final InstantSource clock;
    private final Runnable news;
    private final LogCheck check = new LogCheck(List.of(), Optional.empty());
    private boolean reading;
    private boolean stopped;
    private Optional<Instant> failingSince = Optional.empty();
    private Optional<OperationOutcome> outcome = Optional.empty();

    /**
     * @param total last event that is looked at
     * @param executor runs what follows a page; never the thread that reads the log
     * @param news called after each page and at the end
     */
    LogVerification(
            long total, EventLog log, Executor executor, InstantSource clock, Runnable news) {
        this.total = total;
        this.log = log;
        this.executor = executor;
        this.clock = clock;
        this.news = news;
    }

    @Override
    public synchronized void tick() {
        if (!reading && !stopped && outcome.isEmpty()) {
            read();
        }
    }

    @Override
    public synchronized long progress() {
        return check.end().seq();
    }

    @Override
    public synchronized Optional<OperationOutcome> outcome() {
        return outcome;
    }

    @Override
    public synchronized void stop() {
        stopped = true;
    }

    private void read() {
        long at = check.end().seq();
        if (at >= total) {
            end(verified());
            return;
        }
        reading = true;
        var unused =
                log.read(at + 1, (int) Math.min(PAGE, total - at))
                        .whenCompleteAsync(this::took, executor);
    }

    private synchronized void took(List<LoggedEvent> page, Throwable failure) {
        reading = false;
        if (stopped) {
            return;
        }
        if (failure != null) {
            failed(failure);
            return;
        }
        failingSince = Optional.empty();
        if (page.isEmpty()) {
            end(
                    new OperationOutcome.Failed(
                            Cause.DATA_LOSS, "the log ends at event " + check.end().seq()));
        } else if (check.read(page)) {
            news.run();
            read();
        } else {
            end(verified());
        }
    }

    private void failed(Throwable failure) {
        Instant now = clock.instant();
        Instant since = failingSince.orElse(now);
        failingSince = Optional.of(since);
        if (!now.isBefore(since.plus(PATIENCE))) {
            end(
                    new OperationOutcome.Failed(
                            Cause.UNAVAILABLE, "the log can't be read: " + failure.getMessage()));
        }
    }

    private OperationOutcome verified() {
        return new OperationOutcome.LogVerified(
                check.end().seq(), check.end().hash(), check.problems());
    }

    private void end(OperationOutcome how) {
        outcome = Optional.of(how);
        news.run();
    }
}
