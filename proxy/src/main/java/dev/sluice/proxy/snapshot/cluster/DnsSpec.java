package dev.sluice.proxy.snapshot.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How the names of a cluster's endpoints are looked up. Immutable.
 *
 * @param refresh from one lookup that succeeded to the next
 * @param backOff from one that failed to the next; absent: {@code refresh}
 * @param family which of the addresses of a name count
 */
public record DnsSpec(Duration refresh, Optional<BackOff> backOff, Family family) {
    /** Every address, every five seconds as Envoy. */
    public static final DnsSpec DEFAULT =
            new DnsSpec(Duration.ofSeconds(5), Optional.empty(), Family.ALL);

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
