package dev.sluice.proxy.resource.listener;

import dev.sluice.proxy.resource.log.AccessLogParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.listener.NetworkFilterSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec.Weighted;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads TCP proxies; empty after a problem. Stateless. */
final class TcpProxyParser {
    private static final Duration IDLE = Duration.ofHours(1);

    private TcpProxyParser() {}

    static Optional<NetworkFilterSpec> parse(TcpProxy proto, Spot at) {
        int before = at.problems().count();
        List<Weighted> clusters = clusters(proto, at);
        Duration idle =
                proto.hasIdleTimeout()
                        ? Values.duration(proto.getIdleTimeout(), at.field("idle_timeout"))
                        : IDLE;
        Duration longest =
                Values.duration(
                        proto.getMaxDownstreamConnectionDuration(),
                        at.field("max_downstream_connection_duration"));
        int attempts =
                proto.hasMaxConnectAttempts()
                        ? Values.number(
                                proto.getMaxConnectAttempts(),
                                1,
                                Integer.MAX_VALUE,
                                at.field("max_connect_attempts"))
                        : 1;
        var logs = AccessLogParser.parse(proto.getAccessLogList(), at.field("access_log"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new TcpProxySpec(
                                proto.getStatPrefix(), clusters, idle, longest, attempts, logs));
    }

    private static List<Weighted> clusters(TcpProxy proto, Spot at) {
        return switch (proto.getClusterSpecifierCase()) {
            case CLUSTER ->
                    List.of(new Weighted(Values.text(proto.getCluster(), at.field("cluster")), 1));
            case WEIGHTED_CLUSTERS ->
                    weighted(
                            proto.getWeightedClusters(),
                            at.field("weighted_clusters").field("clusters"));
            case CLUSTERSPECIFIER_NOT_SET -> {
                at.add("no cluster", "cluster or weighted_clusters", "say where bytes go");
                yield List.of();
            }
        };
    }

    private static List<Weighted> weighted(TcpProxy.WeightedCluster proto, Spot at) {
        List<Weighted> clusters = new ArrayList<>();
        for (int i = 0; i < proto.getClustersCount(); i++) {
            var one = proto.getClusters(i);
            if (one.getWeight() < 1) {
                at.index(i)
                        .field("weight")
                        .add(
                                Integer.toUnsignedString(one.getWeight()),
                                "1.." + Integer.MAX_VALUE,
                                "write a weight in this range");
            }
            clusters.add(
                    new Weighted(
                            Values.text(one.getName(), at.index(i).field("name")),
                            one.getWeight()));
        }
        if (clusters.isEmpty()) {
            at.add("no cluster", "at least one", "name a cluster");
        }
        return clusters;
    }
}
