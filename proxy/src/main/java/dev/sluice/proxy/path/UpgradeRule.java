package dev.sluice.proxy.path;

import dev.sluice.proxy.filter.FilterVerdict;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Says which clients may change the protocol: what the route says of it counts before what the
 * listener says, and what neither names is refused (Envoy {@code upgrade_configs}). Immutable.
 */
final class UpgradeRule {
    private final Map<String, Boolean> ofListener;

    /**
     * @param ofListener protocols in small letters, and whether clients may change to them
     */
    UpgradeRule(Map<String, Boolean> ofListener) {
        this.ofListener = ofListener;
    }

    /**
     * The refusal of a request that asks for what it may not have; empty for all others, and for
     * those without a route, which are answered for that.
     */
    Optional<FilterVerdict> refuse(ExchangeView request, Optional<Route> route) {
        CharSequence asked = request.head().upgrade();
        if (asked == null || route.isEmpty()) {
            return Optional.empty();
        }
        String protocol = asked.toString().toLowerCase(Locale.ROOT);
        boolean disguised = protocol.equals("connect") && !request.head().isConnect();
        boolean allowed =
                Optional.ofNullable(ofRoute(route).get(protocol))
                        .orElse(ofListener.getOrDefault(protocol, false));
        return allowed && !disguised
                ? Optional.empty()
                : Optional.of(
                        FilterVerdict.refused(
                                request,
                                Refusal.UPGRADE_DENIED,
                                "upgrade to '%s', which neither route nor listener allows"
                                        .formatted(protocol)));
    }

    private static Map<String, Boolean> ofRoute(Optional<Route> route) {
        return route.map(matched -> matched.spec().action()).orElse(null)
                        instanceof RouteActionSpec.Forward forward
                ? forward.upgrades()
                : Map.of();
    }
}
