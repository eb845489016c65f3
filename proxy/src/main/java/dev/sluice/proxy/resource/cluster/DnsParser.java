package dev.sluice.proxy.resource.cluster;

import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.DnsSpec;
import dev.sluice.proxy.snapshot.cluster.DnsSpec.BackOff;
import dev.sluice.proxy.snapshot.cluster.DnsSpec.Family;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.util.Optional;

/** Reads how names of endpoints are looked up. Stateless. */
final class DnsParser {
    private static final int DEFAULT_GROWTH = 10;

    private DnsParser() {}

    @SuppressWarnings("deprecation") // the only fields for it that need no extension
    static DnsSpec parse(Cluster proto, Spot at) {
        Duration refresh =
                proto.hasDnsRefreshRate()
                        ? Values.positive(proto.getDnsRefreshRate(), at.field("dns_refresh_rate"))
                        : DnsSpec.DEFAULT.refresh();
        return new DnsSpec(
                refresh,
                proto.hasDnsFailureRefreshRate()
                        ? backOff(
                                proto.getDnsFailureRefreshRate(),
                                at.field("dns_failure_refresh_rate"))
                        : Optional.empty(),
                switch (proto.getDnsLookupFamily()) {
                    case AUTO, ALL -> Family.ALL;
                    case V4_ONLY -> Family.V4_ONLY;
                    case V6_ONLY -> Family.V6_ONLY;
                    case V4_PREFERRED -> Family.V4_PREFERRED;
                    case UNRECOGNIZED -> {
                        at.field("dns_lookup_family")
                                .add(
                                        "unknown number " + proto.getDnsLookupFamilyValue(),
                                        "AUTO, ALL, V4_ONLY, V6_ONLY or V4_PREFERRED",
                                        "choose one of these");
                        yield Family.ALL;
                    }
                });
    }

    private static Optional<BackOff> backOff(Cluster.RefreshRate proto, Spot at) {
        Duration base = Values.positive(proto.getBaseInterval(), at.field("base_interval"));
        Duration max =
                proto.hasMaxInterval()
                        ? Values.positive(proto.getMaxInterval(), at.field("max_interval"))
                        : base.multipliedBy(DEFAULT_GROWTH);
        if (max.compareTo(base) < 0) {
            at.field("max_interval")
                    .add(max.toString(), "at least base_interval", "write a longer duration");
            return Optional.empty();
        }
        return Optional.of(new BackOff(base, max));
    }
}
