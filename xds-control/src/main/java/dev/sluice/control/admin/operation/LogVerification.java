package dev.sluice.control.admin.operation;

import com.google.rpc.Code;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.LogVerified;
import dev.sluice.admin.v1.Operation;
import dev.sluice.contract.Problem;
import dev.sluice.control.audit.LogCheck;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.EventLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One run over the log, page by page, which computes every hash again. Its pages follow each other,
 * whichever thread they come on.
 */
final class LogVerification {
    static final String KIND = "log.verify";
    private static final int PAGE = 1_000;

    private final Running running;
    private final EventLog log;
    private final Executor executor;
    private final LogCheck check = new LogCheck(List.of(), Optional.empty());

    /**
     * @param running its total is the last event that is looked at
     * @param executor runs what follows a page; never the thread that reads the log
     */
    LogVerification(Running running, EventLog log, Executor executor) {
        this.running = running;
        this.log = log;
        this.executor = executor;
    }

    /** Goes on with the next page, or ends. */
    synchronized void goOn() {
        long left = running.now().getMetadata().getTotal() - check.end().seq();
        if (running.isDone()) {
            return;
        }
        if (left <= 0) {
            running.end(Operation.newBuilder().setLogVerified(verified()));
            return;
        }
        var unused =
                log.read(check.end().seq() + 1, (int) Math.min(PAGE, left))
                        .whenCompleteAsync(this::took, executor);
    }

    private synchronized void took(List<LoggedEvent> page, Throwable failure) {
        if (running.isDone()) {
            return;
        }
        if (failure != null) {
            running.fail(Code.UNAVAILABLE, "the log can't be read: " + failure.getMessage());
        } else if (page.isEmpty()) {
            running.fail(Code.DATA_LOSS, "the log ends at event " + check.end().seq());
        } else if (check.read(page)) {
            running.progress(check.end().seq());
            goOn();
        } else {
            running.end(Operation.newBuilder().setLogVerified(verified()));
        }
    }

    private LogVerified verified() {
        return LogVerified.newBuilder()
                .setSequence(check.end().seq())
                .setDigest(check.end().hash().hex())
                .addAllProblems(check.problems().stream().map(LogVerification::write).toList())
                .build();
    }

    private static Blocker write(Problem problem) {
        return Blocker.newBuilder()
                .setSubject(problem.path())
                .setGot(problem.got())
                .setExpected(problem.expected())
                .setRemedy(problem.remedy())
                .build();
    }
}
