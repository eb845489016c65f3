package dev.sluice.proxy.path;

import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.filter.FilterRequest;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.route.ClusterPicker.Picked;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A request whose route was looked for. Loop-owned.
 *
 * @param request as it came, its path normalised
 * @param runtime values that the exchange keeps to its end
 * @param configuration that the exchange keeps to its end
 * @param table of the listener; absent where it has none yet
 * @param route that matched; absent when none did
 * @param random 64 uniform random bits that choose its cluster
 */
record Sought(
        ExchangeView request,
        RuntimeValues runtime,
        ConfigurationInForce configuration,
        Optional<RouteTable> table,
        Optional<Route> route,
        long random) {
    /** The chain of the route; of the listener when no route matched; none without a table. */
    FilterChain filters() {
        return route.map(Route::filters)
                .or(() -> table.map(RouteTable::filters))
                .orElse(FilterChain.NONE);
    }

    /** What filters may see of it. */
    FilterRequest forFilters(RandomGenerator generator) {
        return new FilterRequest(request, generator, runtime, this::leadsTo);
    }

    /** Behind a gate nothing is known before it decides. */
    private Optional<String> leadsTo(ExchangeView view) {
        return route.filter(matched -> matched.spec().gate().isEmpty())
                .flatMap(Route::clusters)
                .flatMap(picker -> picker.pick(view, runtime, random))
                .map(Picked::cluster);
    }

    /** How long filters may keep it waiting; zero: for ever. */
    Duration patience(Duration ofListener) {
        return route.map(matched -> matched.spec().action())
                .filter(RouteActionSpec.Forward.class::isInstance)
                .flatMap(action -> ((RouteActionSpec.Forward) action).timeouts().idle())
                .orElse(ofListener);
    }
}
