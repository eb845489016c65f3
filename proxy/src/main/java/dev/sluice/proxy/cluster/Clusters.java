package dev.sluice.proxy.cluster;

import dev.sluice.proxy.probe.ProbeFactory;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All clusters in force. A cluster whose settings did not change keeps its connections, budgets and
 * load through any number of swaps, also when its endpoints changed; one that went, or came back
 * different, lets its exchanges finish. Owned by the configuration thread.
 */
public final class Clusters {
    private final List<Loop> loops;
    private final HostResolver resolver;
    private final ConfigurationThread thread;
    private final RandomGenerator random;
    private final ProbeFactory probes;
    private final Runnable onEndpoints;
    private final Map<String, Entry> entries = new HashMap<>();

    /**
     * @param random of the configuration thread
     * @param probes check endpoints
     * @param onEndpoints run after each change of a cluster's endpoints, on the thread
     */
    public Clusters(
            List<Loop> loops,
            HostResolver resolver,
            ConfigurationThread thread,
            RandomGenerator random,
            ProbeFactory probes,
            Runnable onEndpoints) {
        this.loops = List.copyOf(loops);
        this.resolver = resolver;
        this.thread = thread;
        this.random = random;
        this.probes = probes;
        this.onEndpoints = onEndpoints;
    }

    /**
     * Puts these clusters in force.
     *
     * @param specs by name
     * @param discovered endpoints of EDS clusters, by service name
     * @return the clusters, by name
     */
    public Map<String, Cluster> update(
            Map<String, ClusterSpec> specs, Map<String, LoadAssignmentSpec> discovered) {
        for (Entry known : List.copyOf(entries.values())) {
            if (!specs.containsKey(known.spec.name())) {
                entries.remove(known.spec.name());
                known.end();
            }
        }
        Map<String, Cluster> clusters = new HashMap<>();
        specs.forEach((name, spec) -> clusters.put(name, put(name, spec, discovered)));
        return Map.copyOf(clusters);
    }

    /** Lets go of all clusters. */
    public void close() {
        entries.values().forEach(Entry::end);
        entries.clear();
    }

    private Cluster put(String name, ClusterSpec spec, Map<String, LoadAssignmentSpec> discovered) {
        Entry old = entries.get(name);
        boolean stays = old != null && sameSettings(old.spec, spec);
        if (old != null && !stays) {
            old.end();
        }
        Entry entry = old != null && stays ? old : start(spec);
        entries.put(name, entry);
        entry.discover(spec, discovered);
        return entry.cluster;
    }

    private Entry start(ClusterSpec spec) {
        Entry entry =
                new Entry(spec, new Cluster(spec, loops, thread, random, probes, onEndpoints));
        entry.cluster.start();
        return entry;
    }

    /** Whether connections, budgets and load of the one hold for the other. */
    private static boolean sameSettings(ClusterSpec a, ClusterSpec b) {
        return a.upstream().equals(b.upstream())
                && a.transport().equals(b.transport())
                && a.connect().equals(b.connect())
                && a.breakers().equals(b.breakers())
                && a.balancing().equals(b.balancing())
                && a.check().equals(b.check())
                && a.outliers().equals(b.outliers());
    }

    private static List<InetSocketAddress> literal(EndpointSpec spec) {
        return List.of(address(spec.address()));
    }

    /** Addresses of STATIC and EDS endpoints are IP addresses: the parsers have checked it. */
    private static InetSocketAddress address(SocketAddressSpec spec) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(spec.address());
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "endpoint address '%s' (expected: IPv4 or IPv6 address); use STRICT_DNS"
                            .formatted(spec.address()));
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), spec.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + bytes.length + " bytes", e);
        }
    }

    /** A cluster and where its endpoints come from at present. */
    private final class Entry {
        private final ClusterSpec spec;
        private final Cluster cluster;
        private Runnable endDiscovery = () -> {};
        private Object source = "";

        Entry(ClusterSpec spec, Cluster cluster) {
            this.spec = spec;
            this.cluster = cluster;
        }

        void discover(ClusterSpec now, Map<String, LoadAssignmentSpec> discovered) {
            Object wanted =
                    switch (now.discovery()) {
                        case Discovery.Static(LoadAssignmentSpec load) -> load;
                        case Discovery.Dns dns -> dns;
                        case Discovery.Eds(String service) ->
                                discovered.getOrDefault(service, LoadAssignmentSpec.EMPTY);
                        case Discovery.OriginalDst wherever -> wherever;
                    };
            if (wanted.equals(source)) {
                return;
            }
            source = wanted;
            endDiscovery.run();
            endDiscovery = () -> {};
            switch (now.discovery()) {
                case Discovery.Static(LoadAssignmentSpec load) -> replace(load, Clusters::literal);
                case Discovery.Dns dns -> resolve(dns);
                case Discovery.Eds(String service) ->
                        replace(
                                discovered.getOrDefault(service, LoadAssignmentSpec.EMPTY),
                                Clusters::literal);
                case Discovery.OriginalDst(Duration sweep) -> goWhereWanted(sweep);
            }
        }

        void end() {
            endDiscovery.run();
            cluster.retire();
        }

        private void replace(
                LoadAssignmentSpec load,
                Function<EndpointSpec, List<InetSocketAddress>> addresses) {
            cluster.replace(load, addresses);
            onEndpoints.run();
        }

        private void goWhereWanted(Duration sweep) {
            cluster.goWhereWanted();
            Repeated sweeps = new Repeated(thread, sweep, cluster::sweep);
            endDiscovery = sweeps::stop;
            sweeps.start();
            onEndpoints.run();
        }

        private void resolve(Discovery.Dns dns) {
            DnsEndpoints endpoints =
                    new DnsEndpoints(dns, resolver, thread, found -> replace(dns.load(), found));
            endDiscovery = endpoints::stop;
            endpoints.start();
        }
    }
}
