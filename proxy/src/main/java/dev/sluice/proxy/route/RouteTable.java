package dev.sluice.proxy.route;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.Optional;

/**
 * Finds the route of a request: first the virtual host by the authority, then the first of its
 * routes that matches. Compiled once from a route configuration, read by every exchange. Immutable.
 */
public final class RouteTable {
    private final RouteConfigurationSpec spec;
    private final VirtualHosts hosts;
    private final FilterChain filters;

    private RouteTable(RouteConfigurationSpec spec, VirtualHosts hosts, FilterChain filters) {
        this.spec = spec;
        this.hosts = hosts;
        this.filters = filters;
    }

    /**
     * Compiles a configuration that its parser accepted.
     *
     * @param filters of the listener
     */
    public static RouteTable compile(RouteConfigurationSpec spec, FilterChain filters) {
        return new RouteTable(spec, VirtualHosts.compile(spec, filters), filters);
    }

    /** The listener's filters, for requests that no route serves. */
    public FilterChain filters() {
        return filters;
    }

    /** What the table was compiled from. */
    public RouteConfigurationSpec spec() {
        return spec;
    }

    /** Whether a virtual host asks how a request {@link Came came}. */
    public boolean asksForTls() {
        return hosts.asksForTls();
    }

    /** The route of a request that came by TLS. */
    public Optional<Route> match(RequestView request, RuntimeValues runtime, long random) {
        return match(request, Came.BY_TLS, runtime, random);
    }

    /**
     * The route of a request; empty when no virtual host or no route of it matches.
     *
     * @param came counts where the table {@link #asksForTls}
     * @param runtime values that may replace the shares of routes
     * @param random 64 uniform random bits that decide shares, as well as the cluster
     */
    public Optional<Route> match(
            RequestView request, Came came, RuntimeValues runtime, long random) {
        CharSequence authority = request.header(":authority").orElse("");
        return hosts.find(authority)
                .flatMap(routes -> routes.match(request, came, runtime, random));
    }
}
