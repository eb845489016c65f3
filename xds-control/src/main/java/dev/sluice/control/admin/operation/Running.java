package dev.sluice.control.admin.operation;

import com.google.rpc.Code;
import dev.sluice.admin.v1.Operation;
import dev.sluice.control.admin.desk.Times;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How one operation stands. It ends once; who works on it asks {@link #isDone} before each piece.
 * Thread-safe; listeners are called while its lock is held, and must be short.
 */
final class Running {
    private final InstantSource clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Operation now;

    private Running(Operation now, InstantSource clock) {
        this.now = now;
        this.clock = clock;
    }

    /**
     * Begun now, under a new name.
     *
     * @param kind what is done
     * @param subject full name of what it is done to; empty for the log
     * @param actor who began it
     * @param total pieces of work
     */
    static Running begin(
            String kind, String subject, String actor, long total, InstantSource clock) {
        return new Running(
                Operation.newBuilder()
                        .setName("operations/" + UUID.randomUUID())
                        .setMetadata(
                                Operation.Metadata.newBuilder()
                                        .setKind(kind)
                                        .setSubject(subject)
                                        .setActor(actor)
                                        .setStartTime(Times.write(clock.instant()))
                                        .setTotal(total))
                        .build(),
                clock);
    }

    synchronized Operation now() {
        return now;
    }

    synchronized boolean isDone() {
        return now.getDone();
    }

    /** Whether it does this to that, and has not ended. */
    boolean isAbout(String kind, String subject) {
        Operation.Metadata metadata = now().getMetadata();
        return !isDone()
                && metadata.getKind().equals(kind)
                && metadata.getSubject().equals(subject);
    }

    /** Tells how many pieces of the work are done; nothing once it has ended. */
    synchronized void progress(long pieces) {
        if (!now.getDone()) {
            now =
                    now.toBuilder()
                            .setMetadata(now.getMetadata().toBuilder().setProgress(pieces))
                            .build();
            listeners.forEach(Runnable::run);
        }
    }

    /** Ends it with a result, unless it has ended. */
    synchronized void end(Operation.Builder result) {
        if (!now.getDone()) {
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
    }

    /** Ends it without a result, unless it has ended. */
    void fail(Code code, String message) {
        end(
                Operation.newBuilder()
                        .setError(
                                Operation.Error.newBuilder()
                                        .setCode(code.getNumber())
                                        .setMessage(message)));
    }

    /** Ends it because somebody wants it to. */
    void cancel() {
        fail(Code.CANCELLED, "cancelled");
    }

    /** Calls a listener after each change, until what it returns is run. */
    Runnable watch(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
