package dev.sluice.proxy.resource.route;

import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.GrpcLimit;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.StreamLimit;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.time.Duration;
import java.util.Optional;

/** Reads the timeouts of routes. Stateless. */
final class RouteTimeoutParser {
    private RouteTimeoutParser() {}

    static RouteTimeoutSpec parse(RouteAction proto, Spot at) {
        Duration answer =
                proto.hasTimeout()
                        ? Values.duration(proto.getTimeout(), at.field("timeout"))
                        : RouteTimeoutSpec.DEFAULT.answer();
        Optional<Duration> idle =
                optional(proto.hasIdleTimeout(), proto.getIdleTimeout(), at.field("idle_timeout"));
        return new RouteTimeoutSpec(answer, idle, grpc(proto, at), stream(proto, at));
    }

    @SuppressWarnings("deprecation") // still what many configurations use
    private static Optional<GrpcLimit> grpc(RouteAction proto, Spot at) {
        Duration offset =
                Values.duration(proto.getGrpcTimeoutOffset(), at.field("grpc_timeout_offset"));
        return optional(
                        proto.hasMaxGrpcTimeout(),
                        proto.getMaxGrpcTimeout(),
                        at.field("max_grpc_timeout"))
                .map(max -> new GrpcLimit(max, offset));
    }

    private static Optional<StreamLimit> stream(RouteAction action, Spot above) {
        if (!action.hasMaxStreamDuration()) {
            return Optional.empty();
        }
        var proto = action.getMaxStreamDuration();
        Spot at = above.field("max_stream_duration");
        Duration offset =
                Values.duration(
                        proto.getGrpcTimeoutHeaderOffset(), at.field("grpc_timeout_header_offset"));
        return Optional.of(
                new StreamLimit(
                        optional(
                                proto.hasMaxStreamDuration(),
                                proto.getMaxStreamDuration(),
                                at.field("max_stream_duration")),
                        optional(
                                        proto.hasGrpcTimeoutHeaderMax(),
                                        proto.getGrpcTimeoutHeaderMax(),
                                        at.field("grpc_timeout_header_max"))
                                .map(max -> new GrpcLimit(max, offset))));
    }

    private static Optional<Duration> optional(
            boolean present, com.google.protobuf.Duration proto, Spot at) {
        return present ? Optional.of(Values.duration(proto, at)) : Optional.empty();
    }
}
