package dev.sluice.proxy.resource.cluster;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.ConnectSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how a cluster's connections begin. Stateless. */
final class ConnectParser {
    private ConnectParser() {}

    static ConnectSpec parse(Cluster proto, Spot at) {
        Duration timeout =
                proto.hasConnectTimeout()
                        ? Values.positive(proto.getConnectTimeout(), at.field("connect_timeout"))
                        : ConnectSpec.DEFAULT.timeout();
        return new ConnectSpec(
                timeout, sources(proto.getUpstreamBindConfig(), at.field("upstream_bind_config")));
    }

    private static List<InetSocketAddress> sources(BindConfig bind, Spot at) {
        List<InetSocketAddress> sources = new ArrayList<>();
        if (bind.hasSourceAddress()) {
            Addresses.source(bind.getSourceAddress(), at.field("source_address"))
                    .ifPresent(sources::add);
        } else if (bind.getExtraSourceAddressesCount() > 0) {
            at.field("extra_source_addresses")
                    .add(
                            "extra addresses without a first one",
                            "source_address beside them",
                            "move the first of them to source_address");
        }
        for (int i = 0; i < bind.getExtraSourceAddressesCount(); i++) {
            Spot spot = at.field("extra_source_addresses").index(i);
            Optional<InetSocketAddress> extra =
                    Addresses.source(
                            bind.getExtraSourceAddresses(i).getAddress(), spot.field("address"));
            if (extra.isPresent() && isTaken(extra.get(), sources)) {
                spot.field("address")
                        .add(
                                "a second address of its kind: "
                                        + Problem.quote(extra.get().getAddress().getHostAddress()),
                                "one of IPv4 and one of IPv6 at most",
                                "keep one of each");
            }
            extra.ifPresent(sources::add);
        }
        return sources;
    }

    private static boolean isTaken(InetSocketAddress extra, List<InetSocketAddress> sources) {
        return new ConnectSpec(Duration.ZERO, sources).towards(extra).isPresent();
    }
}
