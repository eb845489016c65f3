package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.util.AsciiString;
import java.time.Duration;

/**
 * How long one exchange may take; zero: no limit. Immutable.
 *
 * @param answer from the end of the request to the end of the answer, all attempts together
 * @param idle without progress in either direction
 * @param stream from the head of the request to the end of the answer
 * @param perTry from the end of the request, over a connection, to the head of the answer
 * @param perTryIdle without progress, from when {@code perTry} begins to the end of the answer
 * @param told of {@code perTry}; zero where a slow attempt goes on, as it may then last longer
 * @param telling what the upstream is told of it
 */
public record TimeLimits(
        Duration answer,
        Duration idle,
        Duration stream,
        Duration perTry,
        Duration perTryIdle,
        Duration told,
        Telling telling) {
    private static final AsciiString EXPECTED =
            AsciiString.cached("x-envoy-expected-rq-timeout-ms");

    /** What the upstream is told of the time it has. */
    public enum Telling {
        /** {@code x-envoy-expected-rq-timeout-ms} alone. */
        EXPECTED,
        /** {@code grpc-timeout} too. */
        EXPECTED_AND_GRPC
    }

    /**
     * Tells the upstream how long the next attempt may take, so that it need not work longer.
     *
     * @param headers of the request, changed in place
     * @param used of the time for the answer, in milliseconds
     */
    public void tell(HeaderBlock headers, long used) {
        long whole = answer.toMillis();
        long expected = told.isZero() ? whole : told.toMillis();
        if (expected == 0) {
            return;
        }
        if (whole > 0) {
            expected = Math.max(1, Math.min(expected, whole - used));
        }
        headers.set(EXPECTED, Long.toString(expected));
        if (telling == Telling.EXPECTED_AND_GRPC) {
            GrpcTimeout.set(headers, Duration.ofMillis(expected));
        }
    }
}
