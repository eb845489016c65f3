package dev.sluice.control.admin.operation;

import com.google.rpc.Code;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.LogVerified;
import dev.sluice.admin.v1.Operation;
import dev.sluice.contract.Problem;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.audit.LogCheck;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.EventLog;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * One run over the log, page by page, which computes every hash again. Thread-safe; listeners are
 * called while its lock is held, and must be short.
 */
final class LogVerification {
    private static final String KIND = "log.verify";
    private static final int PAGE = 1_000;

    private final EventLog log;
    private final Executor executor;
    private final InstantSource clock;
    private final LogCheck check = new LogCheck(List.of(), Optional.empty());
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Operation now;

    /**
     * @param total last event that is looked at
     * @param executor runs what follows a page; never the thread that reads the log
     */
    LogVerification(
            String name,
            String actor,
            long total,
            EventLog log,
            Executor executor,
            InstantSource clock) {
        this.log = log;
        this.executor = executor;
        this.clock = clock;
        this.now =
                Operation.newBuilder()
                        .setName(name)
                        .setMetadata(
                                Operation.Metadata.newBuilder()
                                        .setKind(KIND)
                                        .setActor(actor)
                                        .setStartTime(Times.write(clock.instant()))
                                        .setTotal(total))
                        .build();
    }

    /** As it is now. */
    synchronized Operation now() {
        return now;
    }

    /** Goes on with the next page, or ends. */
    synchronized void goOn() {
        long left = now.getMetadata().getTotal() - check.end().seq();
        if (now.getDone()) {
            return;
        }
        if (left <= 0) {
            end(Operation.newBuilder().setLogVerified(verified()));
            return;
        }
        var unused =
                log.read(check.end().seq() + 1, (int) Math.min(PAGE, left))
                        .whenCompleteAsync(this::took, executor);
    }

    /** Ends it without a result, unless it has ended. */
    synchronized void cancel() {
        if (!now.getDone()) {
            end(failed(Code.CANCELLED, "cancelled"));
        }
    }

    /** Calls a listener after each change, until what it returns is run. */
    Runnable watch(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private synchronized void took(List<LoggedEvent> page, Throwable failure) {
        if (now.getDone()) {
            return;
        }
        if (failure != null) {
            end(failed(Code.UNAVAILABLE, "the log can't be read: " + failure.getMessage()));
        } else if (page.isEmpty()) {
            end(failed(Code.DATA_LOSS, "the log ends at event " + check.end().seq()));
        } else if (check.read(page)) {
            now =
                    now.toBuilder()
                            .setMetadata(
                                    now.getMetadata().toBuilder().setProgress(check.end().seq()))
                            .build();
            listeners.forEach(Runnable::run);
            goOn();
        } else {
            end(Operation.newBuilder().setLogVerified(verified()));
        }
    }

    private void end(Operation.Builder result) {
        now =
                now.toBuilder()
                        .mergeFrom(result.build())
                        .setDone(true)
                        .setMetadata(
                                now.getMetadata().toBuilder()
                                        .setEndTime(Times.write(clock.instant())))
                        .build();
        listeners.forEach(Runnable::run);
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

    private static Operation.Builder failed(Code code, String message) {
        return Operation.newBuilder()
                .setError(
                        Operation.Error.newBuilder().setCode(code.getNumber()).setMessage(message));
    }
}
