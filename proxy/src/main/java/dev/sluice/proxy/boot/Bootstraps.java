package dev.sluice.proxy.boot;

import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the static part of a bootstrap into a snapshot. Stateless. */
public final class Bootstraps {
    private Bootstraps() {}

    /**
     * The snapshot of what stands in the bootstrap itself.
     *
     * @param version of the snapshot
     */
    public static ProxySnapshot snapshot(long version, BootstrapSpec bootstrap) {
        Map<String, ClusterSpec> clusters = new LinkedHashMap<>();
        bootstrap.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster));
        return new ProxySnapshot(
                version, bootstrap.listeners(), Map.of(), clusters, Map.of(), bootstrap.secrets());
    }
}
