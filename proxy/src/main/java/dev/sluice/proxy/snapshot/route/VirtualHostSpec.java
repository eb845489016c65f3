package dev.sluice.proxy.snapshot.route;

import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import java.util.List;
import java.util.Map;

/**
 * Routes of some domains (Envoy {@code VirtualHost}). Immutable.
 *
 * @param name for metrics and logs
 * @param domains exact, {@code *.suffix}, {@code prefix.*} or {@code *}; lower-case
 * @param routes tried in order
 * @param filters what it says about filters, by their names
 * @param headers applied after those of the route
 */
public record VirtualHostSpec(
        String name,
        List<String> domains,
        List<RouteSpec> routes,
        Map<String, HttpFilterSpec.RouteOverride> filters,
        HeaderMutations headers) {
    public VirtualHostSpec {
        filters = Map.copyOf(filters);
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }
}
