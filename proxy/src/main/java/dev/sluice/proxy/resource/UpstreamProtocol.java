package dev.sluice.proxy.resource;

import com.google.protobuf.Any;
import dev.sluice.proxy.snapshot.ClusterSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.Map;
import java.util.Optional;

/** Reads which protocol a cluster's endpoints speak. Stateless. */
final class UpstreamProtocol {
    private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private UpstreamProtocol() {}

    /** HTTP/1.1 unless {@code explicit_http_config} or the older fields say otherwise. */
    @SuppressWarnings("deprecation") // the older fields are still what small files use
    static ClusterSpec.Protocol parse(Cluster proto, Spot at) {
        Optional<ClusterSpec.Protocol> explicit = Optional.empty();
        Spot extensions = at.field("typed_extension_protocol_options");
        for (Map.Entry<String, Any> entry :
                proto.getTypedExtensionProtocolOptionsMap().entrySet()) {
            Spot spot = extensions.key(entry.getKey());
            if (entry.getKey().equals(KEY)) {
                explicit = explicit(entry.getValue(), spot);
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
        return explicit.orElse(
                proto.hasHttp2ProtocolOptions()
                        ? ClusterSpec.Protocol.HTTP2
                        : ClusterSpec.Protocol.HTTP1);
    }

    private static Optional<ClusterSpec.Protocol> explicit(Any any, Spot at) {
        Optional<HttpProtocolOptions> options =
                Extensions.only(any, HttpProtocolOptions.getDefaultInstance(), at);
        if (options.isEmpty()) {
            return Optional.empty();
        }
        if (options.get().hasAutoConfig()) {
            http2(
                    options.get().getAutoConfig().getHttp2ProtocolOptions(),
                    at.field("auto_config").field("http2_protocol_options"));
            return Optional.of(ClusterSpec.Protocol.AUTO);
        }
        var explicit = options.get().getExplicitHttpConfig();
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
}
