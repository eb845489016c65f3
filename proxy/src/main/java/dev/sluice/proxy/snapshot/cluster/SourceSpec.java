package dev.sluice.proxy.snapshot.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where connections to endpoints come from (Envoy {@code BindConfig}). Immutable.
 *
 * @param addresses at most one of IPv4 and one of IPv6; port 0 lets the system choose; none: the
 *     system chooses all
 */
public record SourceSpec(List<InetSocketAddress> addresses) {
    /** The system chooses. */
    public static final SourceSpec ANY = new SourceSpec(List.of());

    public SourceSpec {
        addresses = List.copyOf(addresses);
    }

    /** Whether the system chooses. */
    public boolean isAny() {
        return addresses.isEmpty();
    }

    /** The source of connections to this endpoint; empty: none is of the endpoint's kind. */
    public Optional<InetSocketAddress> towards(InetSocketAddress endpoint) {
        return addresses.stream().filter(source -> areAlike(source, endpoint)).findFirst();
    }

    private static boolean areAlike(InetSocketAddress a, InetSocketAddress b) {
        return length(a.getAddress()) == length(b.getAddress());
    }

    private static int length(InetAddress address) {
        return address.getAddress().length;
    }
}
