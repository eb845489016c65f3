package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.EndpointHealth;
import dev.sluice.proxy.endpoint.EndpointSet;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec.LocalityName;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Endpoints and balancers for tests; nothing is connected to. */
final class Endpoints {
    private Endpoints() {}

    static EndpointSpec spec(int port, int weight, Health health) {
        return new EndpointSpec(new SocketAddressSpec("127.0.0.1", port), "", weight, health);
    }

    static EndpointSpec spec(int port) {
        return spec(port, 1, Health.HEALTHY);
    }

    static LocalitySpec locality(String zone, int priority, int weight, EndpointSpec... specs) {
        return new LocalitySpec(
                new LocalityName("", zone, ""), priority, weight, Arrays.asList(specs));
    }

    static EndpointSet set(LocalitySpec... localities) {
        return set(LoadAssignmentSpec.of(Arrays.asList(localities)));
    }

    static EndpointSet set(LoadAssignmentSpec load) {
        return EndpointSet.EMPTY.next(
                load, Endpoints::addresses, spec -> EndpointHealth.unchecked(0));
    }

    static EndpointSet set(EndpointSpec... specs) {
        return set(locality("", 0, 0, specs));
    }

    static List<InetSocketAddress> addresses(EndpointSpec spec) {
        return List.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), spec.address().port()));
    }

    static LoopBalancer balancer(EndpointSet set, BalancingSpec spec, Ticker ticker) {
        return new LoopBalancer(BalancePlan.of(set, spec), new SplittableRandom(42), ticker);
    }

    static LoopBalancer balancer(EndpointSet set, BalancingSpec.Policy policy) {
        return balancer(set, BalancingSpec.of(policy), Ticker.systemTicker());
    }

    /** How often each port was chosen. */
    static Map<Integer, Integer> counts(LoopBalancer balancer, int picks) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(port(balancer.choose(Pick.ANY).orElseThrow()), 1, Integer::sum);
        }
        return counts;
    }

    static int owner(LoopBalancer balancer, long hash) {
        return port(balancer.choose(Pick.of(OptionalLong.of(hash))).orElseThrow());
    }

    static int port(Endpoint endpoint) {
        return endpoint.address().getPort();
    }
}
