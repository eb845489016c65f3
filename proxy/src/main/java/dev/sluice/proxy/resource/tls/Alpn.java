package dev.sluice.proxy.resource.tls;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import java.util.List;

/** Which protocols are offered to endpoints where the TLS context does not say. Stateless. */
public final class Alpn {
    private Alpn() {}

    /** The socket with the protocols of the cluster filled in, as Envoy does. */
    public static TransportSocketSpec fitting(
            TransportSocketSpec socket, ClusterSpec.Protocol protocol) {
        return switch (socket) {
            case TransportSocketSpec.RawBuffer raw -> raw;
            case TransportSocketSpec.ProxyProtocol(var version, TransportSocketSpec inner) ->
                    new TransportSocketSpec.ProxyProtocol(version, fitting(inner, protocol));
            case TransportSocketSpec.Tls(UpstreamTlsSpec tls) ->
                    tls.common().alpn().isEmpty()
                            ? new TransportSocketSpec.Tls(offering(tls, names(protocol)))
                            : socket;
        };
    }

    private static List<String> names(ClusterSpec.Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> List.of("http/1.1");
            case HTTP2 -> List.of("h2");
            case TCP -> List.of();
            case AUTO -> List.of("h2", "http/1.1");
        };
    }

    private static UpstreamTlsSpec offering(UpstreamTlsSpec tls, List<String> names) {
        return new UpstreamTlsSpec(tls.common().offering(names), tls.name(), tls.san());
    }
}
