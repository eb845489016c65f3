package dev.sluice.proxy.snapshot.route;

import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.util.Map;
import java.util.Optional;

/**
 * One route (Envoy {@code Route}). Immutable.
 *
 * @param name for logs; may be empty
 * @param match when it applies
 * @param share of the requests that match, drawn for each; the others go on to the next route
 * @param action what is done
 * @param gate the gate that chooses the cluster in place of the action's own choice
 * @param filters what it says about filters, by their names
 * @param headers applied first
 */
public record RouteSpec(
        String name,
        RouteMatchSpec match,
        RuntimeShare share,
        RouteActionSpec action,
        Optional<RouteGate> gate,
        Map<String, HttpFilterSpec.RouteOverride> filters,
        HeaderMutations headers) {
    public RouteSpec {
        filters = Map.copyOf(filters);
    }
}
