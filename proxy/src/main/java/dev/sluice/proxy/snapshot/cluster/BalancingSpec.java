package dev.sluice.proxy.snapshot.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How a cluster's endpoints share its requests. Immutable.
 *
 * @param policy chooses among endpoints that may be used
 * @param localities whether localities count
 * @param panic what is done when too few endpoints may be used
 */
public record BalancingSpec(Policy policy, Localities localities, Panic panic) {
    /** Envoy's defaults. */
    public static final BalancingSpec DEFAULT = of(new Policy.RoundRobin(Optional.empty()));

    /** A policy with Envoy's defaults for all else. */
    public static BalancingSpec of(Policy policy) {
        return new BalancingSpec(policy, Localities.EQUAL, Panic.DEFAULT);
    }

    /** Whether the weights of localities count. */
    public enum Localities {
        /** All endpoints of a priority are one set. */
        EQUAL,
        /**
         * A locality is chosen by its weight, less what of it is not healthy, and an endpoint
         * within it (Envoy {@code locality_weighted_lb_config}).
         */
        WEIGHTED
    }

    /**
     * What is done when too few endpoints of a priority are healthy or degraded.
     *
     * @param thresholdPercent below this share of usable endpoints there is panic, 0..100; 0: there
     *     never is; Envoy's default 50
     * @param traffic where requests go then
     */
    public record Panic(int thresholdPercent, PanicTraffic traffic) {
        /** Envoy's defaults. */
        public static final Panic DEFAULT = new Panic(50, PanicTraffic.TO_ALL);
    }

    /** Where requests go in panic. */
    public enum PanicTraffic {
        /** To all endpoints, whatever their health: better some failures than an overload. */
        TO_ALL,
        /** Nowhere (Envoy {@code fail_traffic_on_panic}). */
        REFUSED
    }

    /** How an endpoint is chosen. */
    public sealed interface Policy {
        /** Whether the hash of a request chooses. */
        default boolean isHashed() {
            return switch (this) {
                case RingHash _, Maglev _ -> true;
                case RoundRobin _, LeastRequest _, Random _, PeakEwma _, OriginalDestination _ ->
                        false;
            };
        }

        /** In turn, by weight. */
        record RoundRobin(Optional<SlowStart> slowStart) implements Policy {}

        /**
         * The one with fewest requests under way.
         *
         * @param choices drawn at random, at least 2; {@link #ALL} for all of them; Envoy's default
         *     2
         * @param activeBias exponent by which requests under way lessen a weight where weights
         *     differ, 0..; Envoy's default 1
         */
        record LeastRequest(int choices, double activeBias, Optional<SlowStart> slowStart)
                implements Policy {
            /** Every endpoint is looked at. */
            public static final int ALL = Integer.MAX_VALUE;
        }

        record Random() implements Policy {}

        /**
         * The owner of the request's hash on a ring (ketama).
         *
         * @param least fewest points on the ring; Envoy's default 1,024
         * @param most 1..8,388,608, Envoy's default
         */
        record RingHash(long least, long most, HashFunction function, HashKey key)
                implements Policy {
            /** Envoy's bound of a ring. */
            public static final long LARGEST = 8L * 1024 * 1024;
        }

        /**
         * The owner of the request's hash in a Maglev table.
         *
         * @param tableSize a prime, 2..5,000,011; Envoy's default 65,537
         */
        record Maglev(int tableSize, HashKey key) implements Policy {
            /** Envoy's bound of a table. */
            public static final int LARGEST = 5_000_011;
        }

        /**
         * The one with the lowest expected latency (sluice.balancing.v1.PeakEwma).
         *
         * @param choices drawn at random, at least 2
         * @param decay time after which an observation weighs 1/e
         * @param defaultRtt expected of an endpoint that has not answered yet
         */
        record PeakEwma(int choices, Duration decay, Duration defaultRtt) implements Policy {}

        /**
         * Where the client wanted to go (Envoy {@code CLUSTER_PROVIDED} of {@code ORIGINAL_DST}).
         *
         * @param header that may name another address and port; empty: none may
         * @param port in place of the wanted one; 0: the wanted one
         */
        record OriginalDestination(String header, int port) implements Policy {}
    }

    /** Hash of an endpoint's points on a ring. */
    public enum HashFunction {
        XX_HASH,
        MURMUR_HASH_2
    }

    /** What of an endpoint is hashed. */
    public enum HashKey {
        ADDRESS,
        /** Its host name, or its address where it has none. */
        HOST_NAME
    }

    /**
     * How an endpoint that has just become healthy gets its share (Envoy {@code SlowStartConfig}).
     *
     * @param window until it has all of it, more than 0
     * @param aggression above 0; 1 is linear, more is faster at first; Envoy's default 1
     * @param leastShare of its weight at first, 0..1; Envoy's default 0.1
     */
    public record SlowStart(Duration window, double aggression, double leastShare) {}
}
