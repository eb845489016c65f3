package dev.sluice.proxy.snapshot.filter;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.match.HeaderMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Faults that requests meet before a route is followed (Envoy {@code HTTPFault}). Immutable.
 *
 * @param delay how long a request waits
 * @param abort what it is answered in place of the upstream
 * @param rate how fast its answer is sent
 * @param scope which requests are concerned
 * @param mostActive requests at once that meet a fault; absent: any number
 * @param keys of runtime values that may replace parts of it
 */
public record HttpFaultSpec(
        Optional<Delay> delay,
        Optional<Abort> abort,
        Optional<Rate> rate,
        Scope scope,
        OptionalLong mostActive,
        Keys keys) {
    /** With the runtime keys that Envoy gives where none are written. */
    public HttpFaultSpec(
            Optional<Delay> delay,
            Optional<Abort> abort,
            Optional<Rate> rate,
            Scope scope,
            OptionalLong mostActive) {
        this(delay, abort, rate, scope, mostActive, Keys.DEFAULT);
    }

    /** Whether no request meets anything. */
    public boolean isIdle() {
        return delay.isEmpty() && abort.isEmpty() && rate.isEmpty();
    }

    /**
     * Keys of runtime values that may replace parts of a fault. A part that is not configured stays
     * away whatever they say.
     *
     * @param delayShare of how many requests wait
     * @param delayMillis how long; 0: they do not
     * @param abortShare of how many requests are answered
     * @param httpStatus of an answer to HTTP, 200..599
     * @param grpcStatus of an answer to gRPC
     * @param rateShare of how many answers are slow
     * @param mostActive requests at once that meet a fault
     */
    public record Keys(
            String delayShare,
            String delayMillis,
            String abortShare,
            String httpStatus,
            String grpcStatus,
            String rateShare,
            String mostActive) {
        /** Envoy's. */
        public static final Keys DEFAULT =
                new Keys(
                        "fault.http.delay.fixed_delay_percent",
                        "fault.http.delay.fixed_duration_ms",
                        "fault.http.abort.abort_percent",
                        "fault.http.abort.http_status",
                        "fault.http.abort.grpc_status",
                        "fault.http.rate_limit.response_percent",
                        "fault.http.max_active_faults");
    }

    /**
     * How long requests wait.
     *
     * @param fixed positive; absent: what {@code x-envoy-fault-delay-request} says, in milliseconds
     */
    public record Delay(Optional<Duration> fixed, Share share) {}

    /**
     * What requests are answered.
     *
     * @param answer absent: what {@code x-envoy-fault-abort-request} or {@code
     *     x-envoy-fault-abort-grpc-request} says
     */
    public record Abort(Optional<Answer> answer, Share share) {}

    /** An answer in place of the upstream's. */
    public sealed interface Answer {
        /**
         * An HTTP status.
         *
         * @param status 200..599
         */
        record Http(int status) implements Answer {}

        /** A gRPC status; what is no gRPC call is answered 200. */
        record Grpc(long status) implements Answer {}
    }

    /**
     * How fast answers are sent.
     *
     * @param kibPerSecond KiB in a second, at least 1; absent: what {@code
     *     x-envoy-fault-throughput-response} says
     */
    public record Rate(OptionalLong kibPerSecond, Share share) {}

    /**
     * Of how many requests; where headers say what happens, they may ask for less.
     *
     * @param numerator unsigned; more than the whole is the whole
     * @param partEach one of {@code numerator}, in parts per million
     */
    public record Share(long numerator, int partEach) {
        /** No request. */
        public static final Share NONE = new Share(0, PartsPerMillion.WHOLE);

        /** At most as many as this, in the same unit. */
        public Share atMost(long asked) {
            return asked < numerator ? new Share(asked, partEach) : this;
        }

        /** The same in the usual unit. */
        public PartsPerMillion ppm() {
            return new PartsPerMillion((int) Math.min(numerator * partEach, PartsPerMillion.WHOLE));
        }
    }

    /**
     * Which requests are concerned.
     *
     * @param headers all must match
     * @param cluster that the route must lead to; empty: any
     * @param nodes one of which {@code x-envoy-downstream-service-node} must name; empty: any
     */
    public record Scope(List<HeaderMatcher> headers, String cluster, Set<String> nodes) {
        public Scope {
            headers = List.copyOf(headers);
            nodes = Set.copyOf(nodes);
        }
    }
}
