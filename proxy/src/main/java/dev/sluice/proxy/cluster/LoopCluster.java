package dev.sluice.proxy.cluster;

import dev.sluice.proxy.balance.LoopBalancer;
import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.PeakLatency;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec.Drop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cluster as one event loop sees it: the loop's turn among the endpoints and its connections to
 * them. Follows the cluster's endpoints lazily, at the next choice or refresh. Loop-owned.
 */
public final class LoopCluster {
    private static final int ALL_PPM = 1_000_000;

    private final Cluster cluster;
    private final Loop loop;
    private final Pools http1;
    private final Pools http2;
    private final Pools tunnels;
    private Cluster.View seen;
    private LoopBalancer balancer;

    LoopCluster(Cluster cluster, Loop loop) {
        this.cluster = cluster;
        this.loop = loop;
        ClusterSpec spec = cluster.spec();
        boolean follows = spec.upstream().protocol() == Protocol.CLIENTS;
        http1 = pools(follows ? spec.speaking(Protocol.HTTP1) : spec);
        http2 = follows ? pools(spec.speaking(Protocol.HTTP2)) : http1;
        tunnels = pools(spec.speaking(Protocol.TCP));
        seen = cluster.view();
        balancer = balancer(seen);
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The endpoint of a request; none when no endpoint may be used, or none was wanted. */
    public Optional<Endpoint> choose(Pick pick) {
        assert loop.executor().inEventLoop();
        Optional<Destinations> destinations = cluster.destinations();
        if (destinations.isPresent()) {
            return pick.destination().map(destinations.get()::at);
        }
        if (isBehind()) {
            refresh();
        }
        return balancer.choose(pick);
    }

    /** Category of load that this request falls under and that is shed; none: it is served. */
    public Optional<String> dropped() {
        List<Drop> drops = cluster.view().endpoints().spec().drops();
        for (Drop drop : drops) {
            if (loop.random().nextInt(ALL_PPM) < drop.ppm()) {
                return Optional.of(drop.category());
            }
        }
        return Optional.empty();
    }

    /**
     * Takes how long an endpoint took to answer, where the policy asks for that. A failure counts
     * as no better than twice what was expected, so that an endpoint that fails fast draws no
     * traffic.
     *
     * @param nanos from the start of the attempt to its head or failure
     */
    private void observed(Endpoint endpoint, long nanos, Answer answer) {
        if (cluster.spec().balancing().policy() instanceof Policy.PeakEwma policy) {
            long now = loop.ticker().nanoTime();
            long decay = policy.decay().toNanos();
            PeakLatency latency = endpoint.load().latency();
            double expected = latency.expected(now, decay, policy.defaultRtt().toNanos());
            double failed = Math.min((double) decay, Math.max((double) nanos, 2 * expected));
            latency.observe(answer == Answer.HEAD ? nanos : (long) failed, now, decay);
        }
    }

    /**
     * An endpoint answered.
     *
     * @param nanos from the start of the attempt to the head
     * @param status of HTTP, or what a gRPC status in the head stands for
     */
    public void answered(Endpoint endpoint, long nanos, int status) {
        observed(endpoint, nanos, Answer.HEAD);
        cluster.outliers().ifPresent(detector -> detector.answered(endpoint, status));
    }

    /** An endpoint did not answer in time. */
    public void timedOut(Endpoint endpoint, long nanos) {
        observed(endpoint, nanos, Answer.FAILURE);
        cluster.outliers()
                .ifPresent(detector -> detector.failed(endpoint, OutlierDetector.Failure.TIMEOUT));
    }

    /** An endpoint could not be reached, or broke off before it answered. */
    public void failed(Endpoint endpoint, long nanos) {
        observed(endpoint, nanos, Answer.FAILURE);
        cluster.outliers()
                .ifPresent(detector -> detector.failed(endpoint, OutlierDetector.Failure.OTHER));
    }

    private enum Answer {
        HEAD,
        FAILURE
    }

    /** The connections to an endpoint of this cluster that are for this. */
    public EndpointPool pool(Endpoint endpoint, Use use) {
        assert loop.executor().inEventLoop();
        return switch (use.carrier()) {
            case HTTP1 -> http1.to(endpoint, use.client());
            case HTTP2 -> http2.to(endpoint, use.client());
            case TUNNEL -> tunnels.to(endpoint, use.client());
        };
    }

    /** A set is swapped whole, so that being the same object is being up to date. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isBehind() {
        return seen != cluster.view();
    }

    /** Follows the cluster's endpoints; connections to those that stay are kept. */
    void refresh() {
        seen = cluster.view();
        balancer = balancer(seen);
        Set<InetSocketAddress> kept =
                cluster.endpoints(seen).stream().map(Endpoint::address).collect(Collectors.toSet());
        allPools().forEach(pools -> pools.keepOnly(kept));
    }

    private LoopBalancer balancer(Cluster.View view) {
        return new LoopBalancer(view.plan(), loop.random(), loop.ticker());
    }

    void retire() {
        allPools().forEach(Pools::retire);
    }

    private Set<Pools> allPools() {
        return Set.copyOf(List.of(http1, http2, tunnels));
    }

    private Pools pools(ClusterSpec spec) {
        return new Pools(loop, spec, cluster.budgets());
    }
}
