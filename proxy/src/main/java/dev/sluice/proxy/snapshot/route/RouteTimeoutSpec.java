package dev.sluice.proxy.snapshot.route;

import java.time.Duration;
import java.util.Optional;

/**
 * How long requests of a route may take (Envoy {@code RouteAction}). Immutable.
 *
 * @param answer from the end of the request to the end of the answer, all attempts together; zero:
 *     none; Envoy's default 15 s
 * @param idle without progress, in place of the listener's; absent: the listener's
 * @param grpc what the client's {@code grpc-timeout} does to {@code answer}; absent: nothing
 * @param stream from the head of the request to the end of the answer, in place of the listener's;
 *     present, it stands in the place of {@code answer} and {@code grpc} too
 */
public record RouteTimeoutSpec(
        Duration answer,
        Optional<Duration> idle,
        Optional<GrpcLimit> grpc,
        Optional<StreamLimit> stream) {
    /** Envoy's defaults. */
    public static final RouteTimeoutSpec DEFAULT =
            new RouteTimeoutSpec(
                    Duration.ofSeconds(15), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The client's {@code grpc-timeout} in place of a configured time.
     *
     * @param max a longer one is cut to this (Envoy {@code max_grpc_timeout}, {@code
     *     grpc_timeout_header_max}); zero: none is too long
     * @param offset is taken off what the client gave (Envoy {@code grpc_timeout_offset}, {@code
     *     grpc_timeout_header_offset})
     */
    public record GrpcLimit(Duration max, Duration offset) {}

    /**
     * The time of a whole stream (Envoy {@code RouteAction.MaxStreamDuration}).
     *
     * @param max zero: none; absent: the listener's
     * @param grpc what {@code grpc-timeout} does to it; absent: nothing
     */
    public record StreamLimit(Optional<Duration> max, Optional<GrpcLimit> grpc) {}
}
