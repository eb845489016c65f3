package dev.sluice.proxy.path;

import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.route.Route;

/**
 * A request whose route and arm are known. Loop-owned.
 *
 * @param request as it came
 * @param target normalised path, with query
 * @param route that matched
 * @param gate what the route's gate said
 */
record Matched(ExchangeView request, CharSequence target, Route route, GateAnswer gate) {}
