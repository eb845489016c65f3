package dev.sluice.proxy.snapshot;

import java.util.List;

/**
 * Routes of some domains (Envoy {@code VirtualHost}). Immutable.
 *
 * @param name for metrics and logs
 * @param domains exact, {@code *.suffix}, {@code prefix.*} or {@code *}; lower-case
 * @param routes tried in order
 * @param headers applied after those of the route
 */
public record VirtualHostSpec(
        String name, List<String> domains, List<RouteSpec> routes, HeaderMutations headers) {
    public VirtualHostSpec {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }
}
