package dev.sluice.proxy.snapshot.filter;

import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import java.time.Duration;

/**
 * How many requests may be under way at once, found by how long they take (Envoy {@code
 * AdaptiveConcurrency} with its gradient controller). Immutable.
 *
 * @param enabled default true
 * @param quantile of the latencies of a window that stands for it, 0..1; default 0.5
 * @param most limit that is never passed; default 1000
 * @param update length of a window; the limit changes after each
 * @param minimum the latency without load
 * @param least limit that is always allowed, and the one while the minimum is measured; default 3
 * @param buffer part of the minimum by which latency may vary without load; default 0.25
 * @param status of requests over the limit; default 503
 */
public record AdaptiveConcurrencySpec(
        RuntimeFlag enabled,
        double quantile,
        int most,
        Duration update,
        Minimum minimum,
        int least,
        double buffer,
        int status) {

    /** The latency without load. */
    public sealed interface Minimum {
        /** It is known. */
        record Fixed(Duration latency) implements Minimum {}

        /**
         * It is measured again and again, while few requests are let through.
         *
         * @param interval from one measurement to the next
         * @param requests that are measured; default 50
         * @param jitter part of the interval that is added at random; default 0.15
         */
        record Measured(Duration interval, int requests, double jitter) implements Minimum {}
    }
}
