package dev.sluice.proxy.resource.tls;

import com.google.protobuf.Any;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec.ProxyProtocolVersion;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Optional;

/** Reads transport sockets by the type of their configuration. Stateless. */
public final class TransportSockets {
    private static final String RAW = RawBuffer.getDescriptor().getFullName();
    private static final String DOWNSTREAM = DownstreamTlsContext.getDescriptor().getFullName();
    private static final String UPSTREAM = UpstreamTlsContext.getDescriptor().getFullName();
    private static final String PROXY_PROTOCOL =
            ProxyProtocolUpstreamTransport.getDescriptor().getFullName();

    private TransportSockets() {}

    /** TLS of a filter chain; empty: none, or a problem was added. */
    public static Optional<DownstreamTlsSpec> downstream(TransportSocket proto, Spot at) {
        Spot spot = at.field("typed_config");
        Optional<Extensions.Config> config = config(proto, at);
        if (config.isEmpty() || config.get().type().equals(RAW)) {
            return Optional.empty();
        }
        if (!config.get().type().equals(DOWNSTREAM)) {
            return Extensions.unsupported(config.get(), DOWNSTREAM, spot);
        }
        return Extensions.open(config.get(), DownstreamTlsContext.getDefaultInstance(), spot)
                .flatMap(context -> TlsParser.downstream(context, spot));
    }

    /** The transport socket of a cluster; empty after a problem. */
    public static Optional<TransportSocketSpec> upstream(TransportSocket proto, Spot at) {
        Spot spot = at.field("typed_config");
        Optional<Extensions.Config> found = config(proto, at);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Extensions.Config config = found.get();
        if (config.type().equals(RAW)) {
            return Optional.of(new TransportSocketSpec.RawBuffer());
        }
        if (config.type().equals(UPSTREAM)) {
            return Extensions.open(config, UpstreamTlsContext.getDefaultInstance(), spot)
                    .flatMap(context -> TlsParser.upstream(context, spot))
                    .map(TransportSocketSpec.Tls::new);
        }
        if (config.type().equals(PROXY_PROTOCOL)) {
            return Extensions.open(
                            config, ProxyProtocolUpstreamTransport.getDefaultInstance(), spot)
                    .flatMap(transport -> proxyProtocol(transport, spot));
        }
        return Extensions.unsupported(
                config, RAW + ", " + UPSTREAM + " or " + PROXY_PROTOCOL, spot);
    }

    private static Optional<TransportSocketSpec> proxyProtocol(
            ProxyProtocolUpstreamTransport proto, Spot at) {
        ProxyProtocolVersion version =
                proto.getConfig().getVersion() == ProxyProtocolConfig.Version.V2
                        ? ProxyProtocolVersion.V2
                        : ProxyProtocolVersion.V1;
        Spot spot = at.field("transport_socket");
        Optional<TransportSocketSpec> inner = upstream(proto.getTransportSocket(), spot);
        if (inner.orElse(null) instanceof TransportSocketSpec.ProxyProtocol) {
            spot.add(
                    "PROXY protocol within itself", "TLS or a raw buffer", "remove one of the two");
        }
        return inner.map(socket -> new TransportSocketSpec.ProxyProtocol(version, socket));
    }

    private static Optional<Extensions.Config> config(TransportSocket proto, Spot at) {
        Optional<Any> config =
                proto.hasTypedConfig() ? Optional.of(proto.getTypedConfig()) : Optional.empty();
        return Extensions.typed(proto.getName(), config, "a typed_config", at);
    }
}
