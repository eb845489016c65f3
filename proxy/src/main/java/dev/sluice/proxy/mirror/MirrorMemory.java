package dev.sluice.proxy.mirror;

/**
 * How many bytes of mirrored bodies may wait on one loop, so that slow mirrors cost bounded memory.
 * Loop-owned.
 */
public final class MirrorMemory {
    /** For one request, as Envoy buffers at most for its shadows. */
    static final int PER_REQUEST = 1024 * 1024;

    private static final long PER_LOOP = 16L * PER_REQUEST;

    private long used;

    /** Whether so many more may wait. */
    boolean tryTake(int bytes) {
        if (used + bytes > PER_LOOP) {
            return false;
        }
        used += bytes;
        return true;
    }

    void giveBack(int bytes) {
        used -= bytes;
    }

    /** Bytes that wait. */
    public long used() {
        return used;
    }
}
