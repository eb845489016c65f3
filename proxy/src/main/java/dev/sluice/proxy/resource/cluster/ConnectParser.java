package dev.sluice.proxy.resource.cluster;

import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.ConnectSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.util.Optional;

/** Reads how a cluster's connections begin. Stateless. */
final class ConnectParser {
    private ConnectParser() {}

    static ConnectSpec parse(Cluster proto, Spot at) {
        Duration timeout =
                proto.hasConnectTimeout()
                        ? Values.positive(proto.getConnectTimeout(), at.field("connect_timeout"))
                        : ConnectSpec.DEFAULT.timeout();
        return new ConnectSpec(timeout, source(proto, at.field("upstream_bind_config")));
    }

    private static Optional<SourceSpec> source(Cluster proto, Spot at) {
        return proto.hasUpstreamBindConfig()
                ? Optional.of(SourceParser.parse(proto.getUpstreamBindConfig(), at))
                : Optional.empty();
    }
}
