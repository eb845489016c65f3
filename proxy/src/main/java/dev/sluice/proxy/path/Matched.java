package dev.sluice.proxy.path;

import dev.sluice.proxy.filter.FilterVerdict;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;

/**
 * A request whose route and arm are known. Loop-owned.
 *
 * @param exchange that it belongs to
 * @param verdict of the filters, with the request as they left it
 * @param route that matched
 * @param gate what the route's gate said
 * @param runtime values that the exchange keeps to its end
 * @param random 64 uniform random bits that choose its cluster
 */
record Matched(
        Exchange exchange,
        FilterVerdict verdict,
        Route route,
        GateAnswer gate,
        RuntimeValues runtime,
        long random) {
    ExchangeView request() {
        return verdict.request();
    }

    /** Normalised path, with query. */
    CharSequence target() {
        return verdict.request().head().path();
    }
}
