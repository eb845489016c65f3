package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.StreamReset;

/** Why a request that waits for a connection gets none, although its endpoint can be reached. */
final class NoConnection {
    private NoConnection() {}

    static StreamReset lost() {
        return new StreamReset(
                StreamReset.Cause.CONNECT_FAILED,
                /* unprocessed= */ true,
                "the connection closed before it could carry a request");
    }

    /**
     * @param pending requests that may wait
     */
    static StreamReset overflow(Budget pending) {
        return new StreamReset(
                StreamReset.Cause.OVERFLOW,
                /* unprocessed= */ true,
                "requests waiting for a connection reached the cluster's limit of %d"
                        .formatted(pending.limit()));
    }
}
