package dev.sluice.proxy.snapshot.route;

import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
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
 * @param numbering whether clients are told how many attempts an answer took
 * @param tls who must come over TLS; others are redirected there
 */
public record VirtualHostSpec(
        String name,
        List<String> domains,
        List<RouteSpec> routes,
        Map<String, HttpFilterSpec.RouteOverride> filters,
        HeaderMutations headers,
        Numbering numbering,
        RequiredTls tls) {
    /** Who must come over TLS (Envoy {@code require_tls}). */
    public enum RequiredTls {
        NOBODY,
        /** All but internal clients. */
        OUTSIDERS,
        EVERYBODY
    }

    public VirtualHostSpec {
        filters = Map.copyOf(filters);
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }
}
