package dev.sluice.proxy.path;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.OriginalDestination;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a request goes in a cluster that goes where its clients wanted to: by a header where the
 * cluster allows it and the header names an address and a port, else by the connection where it was
 * redirected. As in Envoy a header that can't be read counts as none. Pure.
 */
final class WantedDestination {
    private static final int LAST_PORT = 65_535;

    private WantedDestination() {}

    /** This pick, at the destination where the cluster asks for one. */
    static Pick in(Cluster cluster, Pick pick, HeaderBlock headers, Peer peer) {
        return cluster.spec().balancing().policy() instanceof OriginalDestination policy
                ? Pick.at(byHeader(policy, headers).or(() -> byConnection(policy, peer)))
                : pick;
    }

    /**
     * The same for a copy, which goes only where a header says: not where the request itself does.
     */
    static Pick ofCopy(Cluster cluster, Pick pick, HeaderBlock headers) {
        return cluster.spec().balancing().policy() instanceof OriginalDestination policy
                ? Pick.at(byHeader(policy, headers))
                : pick;
    }

    private static Optional<InetSocketAddress> byConnection(OriginalDestination policy, Peer peer) {
        return peer.redirected() ? Optional.of(at(policy, peer.local())) : Optional.empty();
    }

    static Optional<InetSocketAddress> byHeader(OriginalDestination policy, HeaderBlock headers) {
        CharSequence value = policy.header().isEmpty() ? null : headers.first(policy.header());
        return value == null
                ? Optional.empty()
                : address(value.toString().strip()).map(named -> at(policy, named));
    }

    private static InetSocketAddress at(OriginalDestination policy, InetSocketAddress wanted) {
        return policy.port() == 0
                ? wanted
                : new InetSocketAddress(wanted.getAddress(), policy.port());
    }

    /** Of {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    private static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        String ip = brackets ? host.substring(1, host.length() - 1) : host;
        boolean right = brackets ? NetUtil.isValidIpV6Address(ip) : NetUtil.isValidIpV4Address(ip);
        int port = port(text.substring(colon + 1));
        return right && port > 0
                ? Optional.of(new InetSocketAddress(InetAddress.ofLiteral(ip), port))
                : Optional.empty();
    }

    /** 0 where there is none. */
    private static int port(String text) {
        boolean number =
                !text.isEmpty()
                        && text.length() <= 5
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(text) : 0;
        return port <= LAST_PORT ? port : 0;
    }
}
