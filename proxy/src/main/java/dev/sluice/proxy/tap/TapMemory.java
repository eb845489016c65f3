package dev.sluice.proxy.tap;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all taps of a proxy may hold at once: in exchanges under way, and in messages that
 * wait to be written. Thread-safe.
 */
final class TapMemory {
    /** What a field costs beside its text, roughly. */
    private static final int FIELD_BYTES = 64;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param most bytes
     */
    TapMemory(long most) {
        this.most = most;
    }

    /** Takes so many bytes, or none. */
    boolean take(long bytes) {
        long now = taken.addAndGet(bytes);
        if (now <= most) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Gives bytes back that were taken. */
    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes taken now. */
    long taken() {
        return taken.get();
    }

    /** What fields take. */
    static long of(Iterable<TapField> fields) {
        long bytes = 0;
        for (TapField field : fields) {
            bytes += field.name().length() + field.value().length() + FIELD_BYTES;
        }
        return bytes;
    }
}
