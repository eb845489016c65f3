package dev.sluice.proxy.resource.cluster;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.OriginalDestination;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.OriginalDstLbConfig;
import java.time.Duration;

/** Reads what clusters of type {@code ORIGINAL_DST} have of their own. Stateless. */
final class OriginalDstParser {
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final String HEADER = "x-envoy-original-dst-host";
    private static final int LAST_PORT = 65_535;

    private OriginalDstParser() {}

    static boolean applies(Cluster proto) {
        return proto.getType() == DiscoveryType.ORIGINAL_DST;
    }

    static Discovery discovery(Cluster proto, Spot at) {
        if (proto.hasLoadAssignment()) {
            at.field("load_assignment")
                    .add(
                            "endpoints in an ORIGINAL_DST cluster",
                            "none",
                            "remove them, or use STATIC");
        }
        if (proto.getHealthChecksCount() > 0) {
            at.field("health_checks")
                    .add(
                            "health checks of an ORIGINAL_DST cluster",
                            "none",
                            "remove them; its destinations are known only while they are used");
        }
        if (proto.hasOutlierDetection()) {
            at.field("outlier_detection").inert(); // there is no other endpoint to go to
        }
        return new Discovery.OriginalDst(
                proto.hasCleanupInterval()
                        ? Values.positive(proto.getCleanupInterval(), at.field("cleanup_interval"))
                        : SWEEP);
    }

    static BalancingSpec balancing(Cluster proto, Spot at) {
        if (proto.hasLoadBalancingPolicy()) {
            at.field("load_balancing_policy")
                    .add(
                            "a policy in an ORIGINAL_DST cluster",
                            "none",
                            "remove it and write lb_policy: CLUSTER_PROVIDED");
        } else if (proto.getLbPolicy() != LbPolicy.CLUSTER_PROVIDED) {
            at.field("lb_policy")
                    .add(
                            proto.getLbPolicy().name(),
                            "CLUSTER_PROVIDED in an ORIGINAL_DST cluster",
                            "write CLUSTER_PROVIDED");
        }
        Spot spot = at.field("original_dst_lb_config");
        OriginalDstLbConfig config = proto.getOriginalDstLbConfig();
        int port =
                config.hasUpstreamPortOverride()
                        ? Values.number(
                                config.getUpstreamPortOverride(),
                                1,
                                LAST_PORT,
                                spot.field("upstream_port_override"))
                        : 0;
        return BalancingSpec.of(new OriginalDestination(header(config, spot), port));
    }

    private static String header(OriginalDstLbConfig config, Spot at) {
        Spot spot = at.field("http_header_name");
        if (!config.getUseHttpHeader()) {
            if (!config.getHttpHeaderName().isEmpty()) {
                spot.inert();
            }
            return "";
        }
        return config.getHttpHeaderName().isEmpty()
                ? HEADER
                : MatcherParser.headerName(config.getHttpHeaderName(), spot.problems()).orElse("");
    }

    /** Of a cluster of another type. */
    static void refuse(Cluster proto, Spot at) {
        if (proto.hasOriginalDstLbConfig()) {
            at.field("original_dst_lb_config")
                    .add(
                            "in a cluster of type " + proto.getType(),
                            "type: ORIGINAL_DST",
                            "remove it, or change the type");
        }
        if (proto.hasCleanupInterval()) {
            at.field("cleanup_interval").inert();
        }
    }
}
