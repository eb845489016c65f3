package dev.sluice.proxy.resource.listener;

import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Network filters that change nothing here, as Istio puts them before others: those that count, and
 * the exchange of labels for counting, which is silent unless both sides agree on it by ALPN.
 * Stateless.
 */
final class QuietFilters {
    private static final Set<String> QUIET =
            Set.of(
                    "stats.PluginConfig",
                    "envoy.tcp.metadataexchange.config.MetadataExchange",
                    "io.istio.tcp.metadata_exchange.config.MetadataExchange");

    /** With it the peer sends bytes before those of the protocol. */
    private static final String EXCHANGE = "istio-peer-exchange";

    private QuietFilters() {}

    /**
     * How many of these stand first; each is inert.
     *
     * @param at of the list
     */
    static int count(List<Filter> filters, Spot at) {
        int count = 0;
        while (count < filters.size() && isQuiet(filters.get(count), at.index(count))) {
            at.index(count).inert();
            count++;
        }
        return count;
    }

    private static boolean isQuiet(Filter filter, Spot at) {
        return filter.hasTypedConfig()
                && Extensions.config(filter.getTypedConfig(), at.field("typed_config"))
                        .map(config -> QUIET.contains(config.type()))
                        .orElse(false);
    }

    /** Sees to it that the exchange is not agreed on. */
    static void check(Optional<DownstreamTlsSpec> tls, Spot at) {
        if (tls.map(spec -> spec.common().alpn().contains(EXCHANGE)).orElse(false)) {
            at.add(
                    "the protocol " + EXCHANGE,
                    "protocols of HTTP in alpn_protocols",
                    "remove it: peers that agree on it send bytes before the protocol");
        }
    }
}
