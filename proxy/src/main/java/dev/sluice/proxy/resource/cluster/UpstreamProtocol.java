package dev.sluice.proxy.resource.cluster;

import com.google.protobuf.Any;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which protocol a cluster's endpoints speak, and how. Immutable.
 *
 * @param protocol spoken
 * @param streamLimit longest time of one stream; zero: none
 */
record UpstreamProtocol(ClusterSpec.Protocol protocol, Duration streamLimit) {
    private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /** HTTP/1.1 unless {@code explicit_http_config} or the older fields say otherwise. */
    @SuppressWarnings("deprecation") // the older fields are still what small files use
    static UpstreamProtocol parse(Cluster proto, Spot at) {
        Optional<ClusterSpec.Protocol> explicit = Optional.empty();
        Duration limit = Duration.ZERO;
        Spot extensions = at.field("typed_extension_protocol_options");
        for (Map.Entry<String, Any> entry :
                proto.getTypedExtensionProtocolOptionsMap().entrySet()) {
            Spot spot = extensions.key(entry.getKey());
            if (entry.getKey().equals(KEY)) {
                Optional<HttpProtocolOptions> options =
                        Extensions.only(
                                entry.getValue(), HttpProtocolOptions.getDefaultInstance(), spot);
                explicit = options.flatMap(one -> explicit(one, spot));
                limit = options.map(one -> streamLimit(one, spot)).orElse(limit);
            } else {
                spot.add("options of " + entry.getKey(), KEY, "remove them");
            }
        }
        boolean older = proto.hasHttp2ProtocolOptions() || proto.hasHttpProtocolOptions();
        if (explicit.isPresent() && older) {
            extensions.add("options beside older ones", "one of them", "remove the older ones");
        }
        if (proto.hasHttp2ProtocolOptions()) {
            if (proto.hasHttpProtocolOptions()) {
                at.field("http_protocol_options")
                        .add("two protocols", "one of them", "remove one of the two");
            }
            http2(proto.getHttp2ProtocolOptions(), at.field("http2_protocol_options"));
        }
        ClusterSpec.Protocol byDefault =
                proto.hasHttp2ProtocolOptions()
                        ? ClusterSpec.Protocol.HTTP2
                        : ClusterSpec.Protocol.HTTP1;
        return new UpstreamProtocol(explicit.orElse(byDefault), limit);
    }

    private static Duration streamLimit(HttpProtocolOptions options, Spot at) {
        var common = options.getCommonHttpProtocolOptions();
        Spot spot = at.field("common_http_protocol_options");
        if (common.hasIdleTimeout()) {
            spot.field("idle_timeout")
                    .add("a time for upstream connections", "none", "remove it; it is fixed");
        }
        if (common.hasMaxHeadersCount()) {
            spot.field("max_headers_count")
                    .add("a limit for answers", "none", "remove it; it is fixed");
        }
        if (common.hasMaxConnectionDuration()) {
            spot.field("max_connection_duration")
                    .add("a time for upstream connections", "none", "remove it");
        }
        if (common.hasMaxRequestsPerConnection()) {
            spot.field("max_requests_per_connection")
                    .add("a limit for upstream connections", "none", "remove it");
        }
        return Values.duration(common.getMaxStreamDuration(), spot.field("max_stream_duration"));
    }

    private static Optional<ClusterSpec.Protocol> explicit(HttpProtocolOptions options, Spot at) {
        if (options.hasAutoConfig()) {
            http2(
                    options.getAutoConfig().getHttp2ProtocolOptions(),
                    at.field("auto_config").field("http2_protocol_options"));
            return Optional.of(ClusterSpec.Protocol.AUTO);
        }
        var explicit = options.getExplicitHttpConfig();
        Spot spot = at.field("explicit_http_config");
        return switch (explicit.getProtocolConfigCase()) {
            case HTTP_PROTOCOL_OPTIONS -> Optional.of(ClusterSpec.Protocol.HTTP1);
            case HTTP2_PROTOCOL_OPTIONS -> {
                http2(explicit.getHttp2ProtocolOptions(), spot.field("http2_protocol_options"));
                yield Optional.of(ClusterSpec.Protocol.HTTP2);
            }
            case HTTP3_PROTOCOL_OPTIONS -> Optional.empty(); // a refused field, already said
            case PROTOCOLCONFIG_NOT_SET -> {
                spot.add(
                        "no protocol",
                        "http_protocol_options or http2_protocol_options",
                        "write one, such as `http2_protocol_options: {}`");
                yield Optional.empty();
            }
        };
    }

    /** Windows are buffer sizes, and so inert here; a limit of streams would not be kept. */
    private static void http2(Http2ProtocolOptions proto, Spot at) {
        if (proto.getAllowConnect()) {
            at.field("allow_connect")
                    .add(
                            "true",
                            "endpoints that are asked for upgrades over HTTP/1.1",
                            "remove it, and let the cluster speak HTTP/1.1");
        }
        if (proto.hasConnectionKeepalive()) {
            at.field("connection_keepalive")
                    .add(
                            "pings of upstream connections",
                            "none",
                            "remove it; let health checks find endpoints that are gone");
        }
        if (boundsFloods(proto)) {
            at.add("bounds of floods from an upstream", "none", "remove them; they are fixed");
        }
        if (proto.hasInitialStreamWindowSize()) {
            at.field("initial_stream_window_size").inert();
        }
        if (proto.hasInitialConnectionWindowSize()) {
            at.field("initial_connection_window_size").inert();
        }
        if (proto.hasMaxConcurrentStreams()) {
            at.field("max_concurrent_streams")
                    .add(
                            "a limit of streams to an upstream",
                            "none",
                            "remove it; the upstream's own limit holds");
        }
    }

    private static boolean boundsFloods(Http2ProtocolOptions proto) {
        return proto.hasMaxOutboundFrames()
                || proto.hasMaxOutboundControlFrames()
                || proto.hasMaxConsecutiveInboundFramesWithEmptyPayload()
                || proto.hasMaxInboundPriorityFramesPerStream()
                || proto.hasMaxInboundWindowUpdateFramesPerDataFrameSent();
    }
}
