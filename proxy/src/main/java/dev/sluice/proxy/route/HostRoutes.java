package dev.sluice.proxy.route;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.match.RouteMatcher;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec.RequiredTls;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The routes of one virtual host, in order. Immutable.
 *
 * <h2>How the first match is found without trying every route</h2>
 *
 * Routes with a case-sensitive path, prefix or segment prefix are in an index by that text ({@link
 * PathIndex}); one walk over the request's path meets every text that it starts with. The others
 * (regular expressions, letter case ignored, the empty prefix) stand in a list. Positions ascend in
 * all of them, so that the search stops as soon as a position is not before the best one found.
 */
final class HostRoutes {
    /** An odd number, which spreads bits and loses none. */
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final RouteMatcher[] matchers;
    private final RuntimeShare[] shares;
    private final List<Optional<Route>> routes;
    private final PathIndex index;
    private final int[] others;
    private final RequiredTls tls;
    private final Optional<Route> toTls;
    private final Optional<HostRoutes> itself = Optional.of(this);

    private HostRoutes(List<Route> compiled, RequiredTls tls, Route toTls) {
        this.tls = tls;
        this.toTls = Optional.of(toTls);
        matchers = new RouteMatcher[compiled.size()];
        shares = new RuntimeShare[compiled.size()];
        routes = new ArrayList<>();
        PathIndex.Builder indexed = new PathIndex.Builder();
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < compiled.size(); i++) {
            matchers[i] = RouteMatcher.compile(compiled.get(i).spec().match());
            shares[i] = compiled.get(i).spec().share();
            routes.add(Optional.of(compiled.get(i)));
            if (matchers[i].indexedText().isEmpty()) {
                rest.add(i);
            } else {
                indexed.add(matchers[i].indexedText(), i);
            }
        }
        index = indexed.build();
        others = rest.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * @param filters of the route configuration
     * @param ofListener filters of the listener
     */
    static HostRoutes compile(
            VirtualHostSpec host,
            RouteConfigurationSpec configuration,
            FilterChain filters,
            FilterChain ofListener) {
        FilterChain ofHost = filters.with(host.filters());
        return new HostRoutes(
                host.routes().stream()
                        .map(route -> Route.compile(route, host, configuration, ofHost))
                        .toList(),
                host.tls(),
                Route.toTls(host, ofListener));
    }

    Optional<HostRoutes> itself() {
        return itself;
    }

    /** Whether how a request came counts. */
    boolean asksForTls() {
        return tls != RequiredTls.NOBODY;
    }

    /**
     * The first route that matches; one that leads to TLS for who must come by it.
     *
     * @param random bits that decide shares
     */
    Optional<Route> match(RequestView request, Came came, RuntimeValues runtime, long random) {
        if (!came.suits(tls)) {
            return toTls;
        }
        CharSequence path = request.path();
        int best =
                index.first(
                        path,
                        matchers.length,
                        at -> matchers[at].matches(request, path) && isDrawn(at, runtime, random));
        for (int at : others) {
            if (at >= best) {
                break;
            }
            if (matchers[at].matches(request, path) && isDrawn(at, runtime, random)) {
                best = at;
                break;
            }
        }
        return best == matchers.length ? Optional.empty() : routes.get(best);
    }

    /** One draw for all routes; not the one that chooses among weighted clusters. */
    private boolean isDrawn(int at, RuntimeValues runtime, long random) {
        return shares[at].isAlwaysAll()
                || runtime.share(shares[at])
                        .contains(
                                (int) Long.remainderUnsigned(random * MIX, PartsPerMillion.WHOLE));
    }
}
