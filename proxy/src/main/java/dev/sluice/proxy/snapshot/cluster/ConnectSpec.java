package dev.sluice.proxy.snapshot.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How connections to endpoints begin. Immutable.
 *
 * @param timeout of TCP and TLS together; Envoy's default 5 s
 * @param sources where connections come from (Envoy {@code BindConfig}), at most one address of
 *     IPv4 and one of IPv6; port 0 lets the system choose; empty: the system chooses all
 */
public record ConnectSpec(Duration timeout, List<InetSocketAddress> sources) {
    /** Envoy's defaults. */
    public static final ConnectSpec DEFAULT = new ConnectSpec(Duration.ofSeconds(5), List.of());

    public ConnectSpec {
        sources = List.copyOf(sources);
    }

    /** The source of connections to this endpoint; empty: none is of the endpoint's kind. */
    public Optional<InetSocketAddress> towards(InetSocketAddress endpoint) {
        return sources.stream().filter(source -> areAlike(source, endpoint)).findFirst();
    }

    private static boolean areAlike(InetSocketAddress a, InetSocketAddress b) {
        return length(a.getAddress()) == length(b.getAddress());
    }

    private static int length(InetAddress address) {
        return address.getAddress().length;
    }
}
