package dev.sluice.proxy.resource.cluster;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads where connections to endpoints come from. Stateless. */
public final class SourceParser {
    private SourceParser() {}

    /** What could be read of it; problems are added. */
    public static SourceSpec parse(BindConfig bind, Spot at) {
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
            if (extra.isPresent() && new SourceSpec(sources).towards(extra.get()).isPresent()) {
                spot.field("address")
                        .add(
                                "a second address of its kind: "
                                        + Problem.quote(extra.get().getAddress().getHostAddress()),
                                "one of IPv4 and one of IPv6 at most",
                                "keep one of each");
            }
            extra.ifPresent(sources::add);
        }
        return new SourceSpec(sources);
    }
}
