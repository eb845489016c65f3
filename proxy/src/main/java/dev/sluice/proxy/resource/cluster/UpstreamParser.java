package dev.sluice.proxy.resource.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.part.Http2BoundsParser;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec.Changes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.Map;
import java.util.Optional;

/** Reads which protocol a cluster's endpoints speak, and what bounds connections. Stateless. */
final class UpstreamParser {
    private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /** A protocol, and the options of HTTP/2 that stand beside it. */
    private record Spoken(Protocol protocol, Http2ProtocolOptions http2, Spot at) {}

    private UpstreamParser() {}

    /**
     * HTTP/1.1 unless {@code typed_extension_protocol_options} or the older fields say otherwise.
     */
    static UpstreamSpec parse(Cluster proto, Spot at) {
        Optional<HttpProtocolOptions> options = options(proto, at);
        Spot spot = at.field("typed_extension_protocol_options").key(KEY);
        Spoken older = older(proto, options.isPresent(), at);
        Spoken spoken = options.flatMap(one -> spoken(one, spot)).orElse(older);
        return bounded(
                spoken.protocol(),
                options.orElse(HttpProtocolOptions.getDefaultInstance()),
                http2(spoken.http2(), spoken.at()),
                spot.field("common_http_protocol_options"));
    }

    private static Optional<HttpProtocolOptions> options(Cluster proto, Spot at) {
        Optional<HttpProtocolOptions> found = Optional.empty();
        Spot extensions = at.field("typed_extension_protocol_options");
        for (Map.Entry<String, Any> entry :
                proto.getTypedExtensionProtocolOptionsMap().entrySet()) {
            Spot spot = extensions.key(entry.getKey());
            if (entry.getKey().equals(KEY)) {
                found =
                        Extensions.only(
                                entry.getValue(), HttpProtocolOptions.getDefaultInstance(), spot);
            } else {
                spot.add("options of " + entry.getKey(), KEY, "remove them");
            }
        }
        return found;
    }

    @SuppressWarnings("deprecation") // the older fields are still what small files use
    private static Spoken older(Cluster proto, boolean beside, Spot at) {
        boolean http2 = proto.hasHttp2ProtocolOptions();
        if (beside && (http2 || proto.hasHttpProtocolOptions())) {
            at.field("typed_extension_protocol_options")
                    .add("options beside older ones", "one of them", "remove the older ones");
        }
        if (http2 && proto.hasHttpProtocolOptions()) {
            at.field("http_protocol_options")
                    .add("two protocols", "one of them", "remove one of the two");
        }
        return new Spoken(
                http2 ? Protocol.HTTP2 : Protocol.HTTP1,
                proto.getHttp2ProtocolOptions(),
                at.field("http2_protocol_options"));
    }

    private static Optional<Spoken> spoken(HttpProtocolOptions options, Spot at) {
        if (options.hasAutoConfig()) {
            return Optional.of(
                    new Spoken(
                            Protocol.AUTO,
                            options.getAutoConfig().getHttp2ProtocolOptions(),
                            at.field("auto_config").field("http2_protocol_options")));
        }
        if (options.hasUseDownstreamProtocolConfig()) {
            return Optional.of(
                    new Spoken(
                            Protocol.CLIENTS,
                            options.getUseDownstreamProtocolConfig().getHttp2ProtocolOptions(),
                            at.field("use_downstream_protocol_config")
                                    .field("http2_protocol_options")));
        }
        ExplicitHttpConfig explicit = options.getExplicitHttpConfig();
        Spot spot = at.field("explicit_http_config");
        Spot http2 = spot.field("http2_protocol_options");
        return switch (explicit.getProtocolConfigCase()) {
            case HTTP_PROTOCOL_OPTIONS ->
                    Optional.of(
                            new Spoken(
                                    Protocol.HTTP1,
                                    Http2ProtocolOptions.getDefaultInstance(),
                                    http2));
            case HTTP2_PROTOCOL_OPTIONS ->
                    Optional.of(
                            new Spoken(Protocol.HTTP2, explicit.getHttp2ProtocolOptions(), http2));
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

    private static UpstreamSpec bounded(
            Protocol protocol, HttpProtocolOptions options, UpstreamSpec.Http2 http2, Spot at) {
        UpstreamSpec byDefault = UpstreamSpec.DEFAULT;
        var common = options.getCommonHttpProtocolOptions();
        return new UpstreamSpec(
                protocol,
                Values.duration(common.getMaxStreamDuration(), at.field("max_stream_duration")),
                common.hasIdleTimeout()
                        ? Values.duration(common.getIdleTimeout(), at.field("idle_timeout"))
                        : byDefault.idle(),
                Values.duration(
                        common.getMaxConnectionDuration(), at.field("max_connection_duration")),
                number(
                        common.hasMaxRequestsPerConnection(),
                        common.getMaxRequestsPerConnection(),
                        0,
                        byDefault.mostRequests(),
                        at.field("max_requests_per_connection")),
                common.hasMaxResponseHeadersKb()
                        ? 1024
                                * Values.number(
                                        common.getMaxResponseHeadersKb(),
                                        1,
                                        8192,
                                        at.field("max_response_headers_kb"))
                        : byDefault.maxHeadBytes(),
                number(
                        common.hasMaxHeadersCount(),
                        common.getMaxHeadersCount(),
                        1,
                        byDefault.maxHeaders(),
                        at.field("max_headers_count")),
                http2);
    }

    private static UpstreamSpec.Http2 http2(Http2ProtocolOptions proto, Spot at) {
        UpstreamSpec.Http2 byDefault = UpstreamSpec.Http2.DEFAULT;
        return new UpstreamSpec.Http2(
                number(
                        proto.hasInitialStreamWindowSize(),
                        proto.getInitialStreamWindowSize(),
                        Http2BoundsParser.SMALLEST_WINDOW,
                        byDefault.streamWindow(),
                        at.field("initial_stream_window_size")),
                number(
                        proto.hasInitialConnectionWindowSize(),
                        proto.getInitialConnectionWindowSize(),
                        Http2BoundsParser.SMALLEST_WINDOW,
                        byDefault.connectionWindow(),
                        at.field("initial_connection_window_size")),
                number(
                        proto.hasMaxConcurrentStreams(),
                        proto.getMaxConcurrentStreams(),
                        1,
                        byDefault.maxStreams(),
                        at.field("max_concurrent_streams")),
                proto.getAllowConnect() ? Changes.ASKED : Changes.REFUSED,
                Http2BoundsParser.floods(proto, at),
                Http2BoundsParser.keepAlive(proto, at));
    }

    private static int number(
            boolean present, UInt32Value proto, int least, int byDefault, Spot at) {
        return present ? Values.number(proto, least, Integer.MAX_VALUE, at) : byDefault;
    }
}
