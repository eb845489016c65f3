package dev.sluice.proxy.snapshot.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How the names of a cluster's endpoints are looked up. Immutable.
 *
 * @param refresh from one lookup that succeeded to the next
 * @param backOff from one that failed to the next; absent: {@code refresh}
 * @param family which of the addresses of a name count
 * @param taken how many of those
 */
public record DnsSpec(Duration refresh, Optional<BackOff> backOff, Family family, Taken taken) {
    /** Every address, every five seconds as Envoy. */
    public static final DnsSpec DEFAULT =
            new DnsSpec(Duration.ofSeconds(5), Optional.empty(), Family.ALL);

    /** Takes every address. */
    public DnsSpec(Duration refresh, Optional<BackOff> backOff, Family family) {
        this(refresh, backOff, family, Taken.EVERY);
    }

    /** The same, as many addresses. */
    public DnsSpec taking(Taken other) {
        return new DnsSpec(refresh, backOff, family, other);
    }

    /** How many addresses of a name are endpoints. */
    public enum Taken {
        /** Each (Envoy {@code STRICT_DNS}). */
        EVERY,
        /**
         * One, which stays as long as the name has it, or can't be looked up (Envoy {@code
         * LOGICAL_DNS}).
         */
        ONE
    }

    /**
     * Times that double with each failure in a row.
     *
     * @param base the first, positive
     * @param max the longest, at least {@code base}
     */
    public record BackOff(Duration base, Duration max) {
        /**
         * The time after a failure.
         *
         * @param failures in a row, at least 1
         */
        public Duration after(int failures) {
            Duration delay = base;
            for (int i = 1; i < failures && delay.compareTo(max) < 0; i++) {
                delay = delay.multipliedBy(2);
            }
            return delay.compareTo(max) < 0 ? delay : max;
        }
    }

    /** Which addresses count (Envoy {@code dns_lookup_family}). */
    public enum Family {
        /** Every one. */
        ALL,
        V4_ONLY,
        V6_ONLY,
        /** Those of IPv4, or else those of IPv6. */
        V4_PREFERRED
    }
}
