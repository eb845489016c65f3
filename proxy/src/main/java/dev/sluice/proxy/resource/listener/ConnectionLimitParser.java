package dev.sluice.proxy.resource.listener;

import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.listener.ConnectionLimitSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import java.util.List;
import java.util.Optional;

/** Reads the connection limit that may stand first in a filter chain. Stateless. */
final class ConnectionLimitParser {
    private ConnectionLimitParser() {}

    /** How many limits stand first: none or one. */
    static int count(List<Filter> filters) {
        boolean first = filters.size() > 1 && filters.getFirst().getTypedConfig().is(TYPE);
        return first ? 1 : 0;
    }

    private static final Class<ConnectionLimit> TYPE = ConnectionLimit.class;

    /**
     * Empty where there is none, and after a problem.
     *
     * @param from index of the first of the filters in the list at {@code at}
     */
    static Optional<ConnectionLimitSpec> parse(List<Filter> filters, int from, Spot at) {
        if (count(filters) == 0) {
            return Optional.empty();
        }
        Spot spot = at.index(from).field("typed_config");
        return Extensions.only(
                        filters.getFirst().getTypedConfig(),
                        ConnectionLimit.getDefaultInstance(),
                        spot)
                .flatMap(proto -> limit(proto, spot));
    }

    private static Optional<ConnectionLimitSpec> limit(ConnectionLimit proto, Spot at) {
        long most = proto.getMaxConnections().getValue();
        if (most < 1) {
            at.field("max_connections")
                    .add(Long.toUnsignedString(most), "1.." + Long.MAX_VALUE, "write a limit");
        }
        var delay = Values.duration(proto.getDelay(), at.field("delay"));
        RuntimeFlag enabled =
                proto.hasRuntimeEnabled() ? Values.flag(proto.getRuntimeEnabled()) : RuntimeFlag.ON;
        return Optional.of(new ConnectionLimitSpec(most, enabled, delay));
    }
}
