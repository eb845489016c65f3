package dev.sluice.proxy.snapshot.route;

import dev.sluice.contract.match.HeaderMatcher;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When and how an attempt is repeated (Envoy {@code RetryPolicy}). Immutable.
 *
 * @param retriable what is repeated
 * @param retries at most, 0..; Envoy's default 1
 * @param perTry how long one attempt may take
 * @param backOff how long is waited
 * @param hosts which endpoint is tried next
 */
public record RetrySpec(
        Retriable retriable, int retries, PerTry perTry, BackOff backOff, HostSelection hosts) {
    /**
     * How long one attempt may take, from when the request is complete and a connection is there.
     *
     * @param timeout to the head of the answer; zero: only the route's timeout
     * @param idle without progress, to the end of the answer; zero: only the stream's
     * @param slow what becomes of an attempt after {@code timeout}
     */
    public record PerTry(Duration timeout, Duration idle, Slow slow) {
        /** Envoy's default: an attempt has no limit of its own. */
        public static final PerTry NONE = new PerTry(Duration.ZERO, Duration.ZERO, Slow.GIVEN_UP);
    }

    /** What becomes of an attempt whose answer does not come in time. */
    public enum Slow {
        /** It is given up, and repeated if that is a reason to. */
        GIVEN_UP,
        /**
         * It goes on, and another one is begun beside it (Envoy {@code hedge_on_per_try_timeout}).
         */
        HEDGED
    }

    /** The same with attempts that go on when they are slow. */
    public RetrySpec hedging() {
        PerTry hedged = new PerTry(perTry.timeout(), perTry.idle(), Slow.HEDGED);
        return new RetrySpec(retriable, retries, hedged, backOff, hosts);
    }

    /**
     * What is repeated.
     *
     * @param conditions any is enough
     * @param statusCodes for {@code retriable-status-codes}
     * @param headers of the answer, any is enough, for {@code retriable-headers}
     * @param requestHeaders a request that none of these matches is never repeated; none: any is
     */
    public record Retriable(
            Set<Condition> conditions,
            Set<Integer> statusCodes,
            List<HeaderMatcher> headers,
            List<HeaderMatcher> requestHeaders) {
        public Retriable {
            conditions = conditions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(conditions));
            statusCodes = Set.copyOf(statusCodes);
            headers = List.copyOf(headers);
            requestHeaders = List.copyOf(requestHeaders);
        }
    }

    /**
     * Jittered exponential back-off, unless the answer says how long.
     *
     * @param base Envoy's default 25 ms
     * @param max Envoy's default ten times the base
     * @param rateLimited headers that say how long; absent: none are looked at
     */
    public record BackOff(Duration base, Duration max, Optional<RateLimited> rateLimited) {}

    /**
     * Headers of an answer that say when to come back (Envoy {@code RateLimitedRetryBackOff}).
     *
     * @param headers the first one that can be read counts
     * @param max a longer wait is not believed; Envoy's default 300 s
     */
    public record RateLimited(List<ResetHeader> headers, Duration max) {
        public RateLimited {
            headers = List.copyOf(headers);
        }
    }

    /** A header, lower-case, that says when to come back. */
    public record ResetHeader(String name, ResetFormat format) {}

    /** What the number in a header means. */
    public enum ResetFormat {
        /** Seconds from now. */
        SECONDS,
        /** Seconds since 1970. */
        UNIX_TIMESTAMP
    }

    /**
     * Which endpoint is tried next.
     *
     * @param previous whether endpoints that were tried may be tried again
     * @param reattempts how often another endpoint is looked for; Envoy's default 1
     */
    public record HostSelection(PreviousHosts previous, int reattempts) {
        /** Any endpoint. */
        public static final HostSelection ANY = new HostSelection(PreviousHosts.ALLOWED, 1);
    }

    /** Whether endpoints that were tried may be tried again. */
    public enum PreviousHosts {
        ALLOWED,
        /** Only when no other was found (Envoy {@code previous_hosts}). */
        AVOIDED
    }

    /** Words of Envoy's {@code x-envoy-retry-on} and {@code x-envoy-retry-grpc-on}. */
    public enum Condition {
        FIVE_XX("5xx"),
        GATEWAY_ERROR("gateway-error"),
        RESET("reset"),
        RESET_BEFORE_REQUEST("reset-before-request"),
        CONNECT_FAILURE("connect-failure"),
        RETRIABLE_4XX("retriable-4xx"),
        REFUSED_STREAM("refused-stream"),
        RETRIABLE_STATUS_CODES("retriable-status-codes"),
        RETRIABLE_HEADERS("retriable-headers"),
        ENVOY_RATE_LIMITED("envoy-ratelimited"),
        GRPC_CANCELLED("cancelled"),
        GRPC_DEADLINE_EXCEEDED("deadline-exceeded"),
        GRPC_INTERNAL("internal"),
        GRPC_RESOURCE_EXHAUSTED("resource-exhausted"),
        GRPC_UNAVAILABLE("unavailable");

        private final String word;

        Condition(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
