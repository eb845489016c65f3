package dev.sluice.proxy.codec.http1;

/**
 * The last moments of a connection with a client that may still be sending: it is closed for
 * writing, and what comes is thrown away, within bounds. Closing at once would make the kernel send
 * RST, which can destroy an answer the client has not read yet. Loop-owned.
 */
final class Lingering {
    private static final int MOST_THROWN_AWAY = 256 * 1024;

    private final Wire wire;
    private final ServerClock clock;
    private int thrownAway;
    private boolean over;

    /**
     * @param clock bounds the time
     */
    Lingering(Wire wire, ServerClock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    /**
     * The last answer is written.
     *
     * @param requestRead whether the whole request has come
     * @return whether the client may still be sending
     */
    boolean begin(boolean requestRead) {
        boolean sending = !requestRead || wire.input().isReadable();
        wire.afterFlush(sending ? this::endOutput : wire::closeAfterWrites);
        return sending;
    }

    private void endOutput() {
        if (!over) {
            wire.endOutput(clock::linger);
        }
    }

    /** Throws away what came; says whether the client may send more. */
    boolean throwAway() {
        thrownAway += wire.input().readableBytes();
        wire.drop();
        return thrownAway <= MOST_THROWN_AWAY;
    }

    /** The connection is closed. */
    void end() {
        over = true;
    }
}
