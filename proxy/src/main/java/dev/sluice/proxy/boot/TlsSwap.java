package dev.sluice.proxy.boot;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec.Weighted;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import dev.sluice.proxy.tls.TlsContexts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps TLS contexts in step with snapshots: they are there before clusters and listeners that use
 * them, and stay a while after, for connections that were being opened when the snapshot changed.
 * Owned by the configuration thread.
 */
final class TlsSwap {
    /** Longer than any connection needs from being accepted or wanted to having its TLS handler. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final TlsContexts contexts;
    private final ConfigurationThread thread;
    private ProxySnapshot last = ProxySnapshot.EMPTY;
    private boolean sweeping;

    TlsSwap(TlsContexts contexts, ConfigurationThread thread) {
        this.contexts = contexts;
        this.thread = thread;
    }

    /** Makes what the snapshot needs; answers with what could not be made. */
    List<Problem> prepare(ProxySnapshot next) {
        last = next;
        return contexts.prepare(downstream(next), upstream(next), next.secrets());
    }

    /** The snapshot is in force: what it does not need goes soon. */
    void inForce(ProxySnapshot next) {
        last = next;
        if (!sweeping) {
            sweeping = true;
            thread.after(GRACE, this::sweep);
        }
    }

    private void sweep() {
        sweeping = false;
        contexts.keepOnly(downstream(last), upstream(last));
    }

    private static Set<DownstreamTlsSpec> downstream(ProxySnapshot snapshot) {
        return snapshot.listeners().stream()
                .flatMap(ListenerSpec::allChains)
                .map(FilterChainSpec::tls)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static Set<UpstreamTlsSpec> upstream(ProxySnapshot snapshot) {
        return Stream.concat(
                        snapshot.clusters().values().stream().flatMap(TlsSwap::spoken),
                        carriedTo(snapshot)
                                .map(snapshot.clusters()::get)
                                .filter(Objects::nonNull)
                                .map(ClusterSpec::carryingBytes))
                .flatMap(cluster -> cluster.tls().stream())
                .collect(Collectors.toSet());
    }

    /** A cluster as its connections of each kind see it: those of clients, tunnels and checks. */
    private static Stream<ClusterSpec> spoken(ClusterSpec cluster) {
        Stream<Protocol> exchanges =
                switch (cluster.upstream().protocol()) {
                    case CLIENTS -> Stream.of(Protocol.HTTP1, Protocol.HTTP2, Protocol.TCP);
                    case HTTP1, HTTP2, TCP, AUTO -> Stream.of(cluster.upstream().protocol());
                };
        return Stream.concat(
                        exchanges, cluster.check().stream().map(check -> check.question().speaks()))
                .map(cluster::speaking);
    }

    /** Names of the clusters that TCP proxies connect to. */
    private static Stream<String> carriedTo(ProxySnapshot snapshot) {
        return snapshot.listeners().stream()
                .flatMap(ListenerSpec::allChains)
                .flatMap(chain ->
                        switch (chain.filter()) {
                            case TcpProxySpec tcp -> tcp.clusters().stream();
                            case HttpConnectionManagerSpec _ -> Stream.<Weighted>empty();
                        })
                .map(Weighted::cluster)
                .distinct();
    }
}
