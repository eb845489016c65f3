package dev.sluice.proxy.resource.cluster;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.header.HeaderMutationParser;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Intervals;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Jitter;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Question;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.StatusRange;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads health checks of clusters; empty after a problem. Stateless. */
final class HealthCheckParser {
    private static final Duration NO_TRAFFIC = Duration.ofSeconds(60);
    private static final int MOST_CHECKS = 1_000_000;

    private HealthCheckParser() {}

    /** At most one. */
    static Optional<HealthCheckSpec> parse(List<HealthCheck> protos, Spot at) {
        if (protos.size() > 1) {
            at.add(protos.size() + " checks", "at most one", "keep the one that tells most");
        }
        return protos.isEmpty() ? Optional.empty() : parse(protos.getFirst(), at.index(0));
    }

    private static Optional<HealthCheckSpec> parse(HealthCheck proto, Spot at) {
        Optional<Question> question = question(proto, at);
        Duration timeout = required(proto.hasTimeout(), proto.getTimeout(), at.field("timeout"));
        int healthy =
                threshold(
                        proto.hasHealthyThreshold(),
                        proto.getHealthyThreshold(),
                        at.field("healthy_threshold"));
        int unhealthy =
                threshold(
                        proto.hasUnhealthyThreshold(),
                        proto.getUnhealthyThreshold(),
                        at.field("unhealthy_threshold"));
        Intervals intervals = intervals(proto, at);
        return question.map(
                asked -> new HealthCheckSpec(asked, timeout, intervals, healthy, unhealthy));
    }

    private static Duration required(boolean present, com.google.protobuf.Duration proto, Spot at) {
        if (!present) {
            at.add("nothing", "a duration above 0s", "write it");
            return Duration.ofSeconds(1);
        }
        return Values.positive(proto, at);
    }

    private static int threshold(boolean present, com.google.protobuf.UInt32Value proto, Spot at) {
        if (!present) {
            at.add("nothing", "a number of checks", "write it");
            return 1;
        }
        return Math.max(1, Values.number(proto, 0, MOST_CHECKS, at));
    }

    private static Intervals intervals(HealthCheck proto, Spot at) {
        Duration healthy = required(proto.hasInterval(), proto.getInterval(), at.field("interval"));
        Duration unhealthy =
                or(
                        healthy,
                        proto.hasUnhealthyInterval(),
                        proto.getUnhealthyInterval(),
                        at.field("unhealthy_interval"));
        Duration idle =
                or(
                        NO_TRAFFIC,
                        proto.hasNoTrafficInterval(),
                        proto.getNoTrafficInterval(),
                        at.field("no_traffic_interval"));
        return new Intervals(
                healthy,
                unhealthy,
                or(
                        healthy,
                        proto.hasHealthyEdgeInterval(),
                        proto.getHealthyEdgeInterval(),
                        at.field("healthy_edge_interval")),
                or(
                        unhealthy,
                        proto.hasUnhealthyEdgeInterval(),
                        proto.getUnhealthyEdgeInterval(),
                        at.field("unhealthy_edge_interval")),
                or(
                        idle,
                        proto.hasNoTrafficHealthyInterval(),
                        proto.getNoTrafficHealthyInterval(),
                        at.field("no_traffic_healthy_interval")),
                idle,
                jitter(proto, at));
    }

    private static Jitter jitter(HealthCheck proto, Spot at) {
        int percent = proto.getIntervalJitterPercent();
        if (percent < 0 || percent > MOST_CHECKS) {
            at.field("interval_jitter_percent")
                    .add(Integer.toUnsignedString(percent), "0.." + MOST_CHECKS, "write less");
            percent = 0;
        }
        return new Jitter(
                Values.duration(proto.getInitialJitter(), at.field("initial_jitter")),
                Values.duration(proto.getIntervalJitter(), at.field("interval_jitter")),
                percent);
    }

    private static Duration or(
            Duration byDefault, boolean present, com.google.protobuf.Duration proto, Spot at) {
        return present ? Values.positive(proto, at) : byDefault;
    }

    private static Optional<Question> question(HealthCheck proto, Spot at) {
        return switch (proto.getHealthCheckerCase()) {
            case HTTP_HEALTH_CHECK ->
                    Optional.of(http(proto.getHttpHealthCheck(), at.field("http_health_check")));
            case GRPC_HEALTH_CHECK -> {
                var grpc = proto.getGrpcHealthCheck();
                Spot spot = at.field("grpc_health_check");
                yield Values.headerValue(grpc.getAuthority(), spot.field("authority"))
                        .map(authority ->
                                new Question.Grpc(
                                        grpc.getServiceName(),
                                        authority,
                                        HeaderMutationParser.literals(
                                                grpc.getInitialMetadataList(),
                                                spot.field("initial_metadata"))));
            }
            case TCP_HEALTH_CHECK ->
                    Optional.of(tcp(proto.getTcpHealthCheck(), at.field("tcp_health_check")));
            case CUSTOM_HEALTH_CHECK -> Optional.empty(); // a refused field, already said
            case HEALTHCHECKER_NOT_SET -> {
                at.add(
                        "no question",
                        "http_health_check, grpc_health_check or tcp_health_check",
                        "say what is asked");
                yield Optional.empty();
            }
        };
    }

    private static Question http(HttpHealthCheck proto, Spot at) {
        List<StatusRange> expected =
                ranges(proto.getExpectedStatusesList(), at.field("expected_statuses"));
        return new Question.Http(
                method(proto, at.field("method")),
                Values.headerValue(proto.getHost(), at.field("host")).orElse(""),
                path(proto.getPath(), at.field("path")),
                HeaderMutationParser.literals(
                        proto.getRequestHeadersToAddList(), at.field("request_headers_to_add")),
                proto.getExpectedStatusesCount() == 0
                        ? List.of(new StatusRange(200, 200))
                        : expected,
                ranges(proto.getRetriableStatusesList(), at.field("retriable_statuses")),
                protocol(proto.getCodecClientType(), at.field("codec_client_type")));
    }

    private static String method(HttpHealthCheck proto, Spot at) {
        return switch (proto.getMethod()) {
            case METHOD_UNSPECIFIED, GET -> "GET";
            case HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH -> proto.getMethod().name();
            case CONNECT, UNRECOGNIZED -> {
                at.add(proto.getMethod().name(), "GET, HEAD, …, not CONNECT", "choose another");
                yield "GET";
            }
        };
    }

    private static String path(String path, Spot at) {
        boolean good = path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!good) {
            at.add(Problem.quote(path), "visible ASCII that starts with a slash", "write a path");
        }
        return path;
    }

    private static ClusterSpec.Protocol protocol(CodecClientType type, Spot at) {
        return switch (type) {
            case HTTP1 -> ClusterSpec.Protocol.HTTP1;
            case HTTP2 -> ClusterSpec.Protocol.HTTP2;
            case HTTP3, UNRECOGNIZED -> {
                at.add(type.name(), "HTTP1 or HTTP2", "choose one of these");
                yield ClusterSpec.Protocol.HTTP1;
            }
        };
    }

    /** Envoy's ranges leave their end out. */
    private static List<StatusRange> ranges(List<Int64Range> protos, Spot at) {
        List<StatusRange> ranges = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            long start = protos.get(i).getStart();
            long end = protos.get(i).getEnd();
            if (start < 100 || end > 600 || start >= end) {
                at.index(i)
                        .add(
                                "[" + start + ", " + end + ")",
                                "a range within [100, 600)",
                                "write start and, one above the last status, end");
            } else {
                ranges.add(new StatusRange((int) start, (int) end - 1));
            }
        }
        return ranges;
    }

    private static Question tcp(HealthCheck.TcpHealthCheck proto, Spot at) {
        List<String> receive = new ArrayList<>();
        for (int i = 0; i < proto.getReceiveCount(); i++) {
            receive.add(bytes(proto.getReceive(i), at.field("receive").index(i)));
        }
        return new Question.Tcp(
                proto.hasSend() ? bytes(proto.getSend(), at.field("send")) : "", receive);
    }

    /** One char each; a text is hexadecimal, as in Envoy. */
    private static String bytes(HealthCheck.Payload proto, Spot at) {
        return switch (proto.getPayloadCase()) {
            case TEXT -> {
                try {
                    yield new String(
                            HexFormat.of().parseHex(proto.getText()), StandardCharsets.ISO_8859_1);
                } catch (IllegalArgumentException notHex) {
                    at.field("text")
                            .add(
                                    Problem.quote(proto.getText()),
                                    "bytes in hexadecimal, such as 50494e47",
                                    "write these, or use binary");
                    yield "";
                }
            }
            case BINARY -> proto.getBinary().toString(StandardCharsets.ISO_8859_1);
            case PAYLOAD_NOT_SET -> {
                at.add("nothing", "text or binary", "write it");
                yield "";
            }
        };
    }

    /** What is special about one endpoint. */
    static HealthCheckSpec.OfEndpoint ofEndpoint(HealthCheckConfig proto, Spot at) {
        int port = proto.getPortValue();
        if (port < 0 || port > 65_535) {
            at.field("port_value").add(Integer.toUnsignedString(port), "0..65535", "write a port");
        }
        return new HealthCheckSpec.OfEndpoint(
                proto.hasAddress()
                        ? Addresses.endpoint(proto.getAddress(), at.field("address"))
                        : Optional.empty(),
                port,
                Values.headerValue(proto.getHostname(), at.field("hostname")).orElse(""),
                !proto.getDisableActiveHealthCheck());
    }
}
