package dev.sluice.proxy.tls;

import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec.ServerName;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Optional;

/** TLS of a cluster with its endpoints. Thread-safe. */
public final class ClientTls {
    private final UpstreamTlsSpec spec;
    private final ContextHolder holder = new ContextHolder();

    ClientTls(UpstreamTlsSpec spec) {
        this.spec = spec;
    }

    UpstreamTlsSpec spec() {
        return spec;
    }

    ContextHolder holder() {
        return holder;
    }

    /**
     * The handler of a new connection, which owns it; empty while a secret is missing.
     *
     * @param host name of the endpoint; its address when it has none
     */
    public Optional<SslHandler> handler(
            ByteBufAllocator allocator, InetSocketAddress remote, String host) {
        String name = serverName(host);
        String peer = name.isEmpty() ? NetUtil.toAddressString(remote.getAddress()) : name;
        return holder.with(context -> context.newHandler(allocator, peer, remote.getPort()));
    }

    /** The name to ask for; an address is no name. */
    private String serverName(String host) {
        return switch (spec.name()) {
            case ServerName.Fixed(String name) -> name;
            case ServerName.OfEndpoint(String fallback) -> isAddress(host) ? fallback : host;
        };
    }

    private static boolean isAddress(String host) {
        return host.isEmpty()
                || NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host);
    }
}
