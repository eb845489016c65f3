package dev.sluice.proxy.resource.filter;

import com.google.protobuf.Any;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Extensions.Config;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.ProbeMode;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.RouteOverride;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.tap.v3.Tap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the settings of HTTP filters, of listeners and of the levels of a route; empty after a
 * problem. Stateless.
 */
public final class FilterSettings {
    private static final String RBAC_TYPE = RBAC.getDescriptor().getFullName();
    private static final String RBAC_ROUTE = RBACPerRoute.getDescriptor().getFullName();
    private static final String LIMIT = LocalRateLimit.getDescriptor().getFullName();
    private static final String HEALTH = HealthCheck.getDescriptor().getFullName();
    private static final String JWT = JwtAuthentication.getDescriptor().getFullName();
    private static final String JWT_ROUTE = PerRouteConfig.getDescriptor().getFullName();
    private static final String FAULT = HTTPFault.getDescriptor().getFullName();
    private static final String CONCURRENCY = AdaptiveConcurrency.getDescriptor().getFullName();
    private static final String TAP = Tap.getDescriptor().getFullName();
    private static final String WRAPPER = FilterConfig.getDescriptor().getFullName();

    /**
     * Filters that change no answer: those that count, Istio's that gather labels for counting, and
     * CORS, whose policies stand in routes and are refused there.
     */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
                    "envoy.extensions.filters.http.cors.v3.Cors",
                    "io.istio.http.peer_metadata.Config",
                    "stats.PluginConfig");

    /** What is understood, for messages. */
    static final String KNOWN =
            String.join(", ", RBAC_TYPE, LIMIT, JWT, HEALTH, FAULT, CONCURRENCY, TAP);

    private FilterSettings() {}

    static boolean isKnown(String type) {
        return Set.of(RBAC_TYPE, LIMIT, JWT, HEALTH, FAULT, CONCURRENCY, TAP).contains(type);
    }

    /** Whether a filter of this type has no effect on answers. */
    static boolean isWithoutEffect(String type) {
        return WITHOUT_EFFECT.contains(type);
    }

    /** The settings of a listener's filter whose type {@link #isKnown}. */
    static Optional<HttpFilterSpec> ofListener(Config config, Spot at) {
        String type = config.type();
        if (type.equals(RBAC_TYPE)) {
            return Extensions.open(config, RBAC.getDefaultInstance(), at)
                    .flatMap(proto -> RbacParser.filter(proto, at));
        }
        if (type.equals(LIMIT)) {
            return Extensions.open(config, LocalRateLimit.getDefaultInstance(), at)
                    .flatMap(proto -> LocalRateLimitParser.ofListener(proto, at));
        }
        if (type.equals(CONCURRENCY)) {
            return Extensions.open(config, AdaptiveConcurrency.getDefaultInstance(), at)
                    .flatMap(proto -> AdaptiveConcurrencyParser.parse(proto, at));
        }
        if (type.equals(FAULT)) {
            return fault(config, at);
        }
        if (type.equals(JWT)) {
            return Extensions.open(config, JwtAuthentication.getDefaultInstance(), at)
                    .flatMap(proto -> JwtParser.parse(proto, at))
                    .map(HttpFilterSpec.Jwt::new);
        }
        if (type.equals(TAP)) {
            return Extensions.open(config, Tap.getDefaultInstance(), at)
                    .flatMap(proto -> TapParser.filter(proto, at))
                    .map(HttpFilterSpec.Tap::new);
        }
        return Extensions.open(config, HealthCheck.getDefaultInstance(), at)
                .flatMap(proto -> healthCheck(proto, at));
    }

    /** What a level of a route says about filters but the gate, by their names. */
    public static Map<String, RouteOverride> ofRoute(Map<String, Any> perFilter, Spot at) {
        Map<String, RouteOverride> overrides = new HashMap<>();
        perFilter.forEach((name, any) -> {
            if (!name.equals(GateConfigs.NAME)) {
                override(any, at.key(name)).ifPresent(found -> overrides.put(name, found));
            }
        });
        return overrides;
    }

    private static Optional<RouteOverride> override(Any any, Spot at) {
        Optional<Config> config = Extensions.config(any, at);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        if (!config.get().type().equals(WRAPPER)) {
            return settings(config.get(), Presence.REQUIRED, at);
        }
        Optional<FilterConfig> wrapper =
                Extensions.open(config.get(), FilterConfig.getDefaultInstance(), at);
        if (wrapper.isEmpty()) {
            return Optional.empty();
        }
        if (wrapper.get().getDisabled()) {
            return Optional.of(new RouteOverride.Off());
        }
        if (!wrapper.get().hasConfig()) {
            at.add("a FilterConfig without config", "config", "write what the filter shall do");
            return Optional.empty();
        }
        Presence presence = wrapper.get().getIsOptional() ? Presence.OPTIONAL : Presence.REQUIRED;
        Spot inner = at.field("config");
        return Extensions.config(wrapper.get().getConfig(), inner)
                .flatMap(known -> settings(known, presence, inner));
    }

    private enum Presence {
        REQUIRED,
        OPTIONAL
    }

    private static Optional<RouteOverride> settings(Config config, Presence presence, Spot at) {
        String type = config.type();
        if (type.equals(RBAC_ROUTE)) {
            return Extensions.open(config, RBACPerRoute.getDefaultInstance(), at)
                    .flatMap(proto -> RbacParser.perRoute(proto, at));
        }
        if (type.equals(LIMIT)) {
            return Extensions.open(config, LocalRateLimit.getDefaultInstance(), at)
                    .flatMap(proto -> LocalRateLimitParser.parse(proto, at))
                    .map(RouteOverride.Settings::new);
        }
        if (type.equals(FAULT)) {
            return fault(config, at).map(RouteOverride.Settings::new);
        }
        if (type.equals(JWT_ROUTE)) {
            return Extensions.open(config, PerRouteConfig.getDefaultInstance(), at)
                    .map(FilterSettings::requirement);
        }
        if (presence == Presence.OPTIONAL) {
            at.inert();
        } else {
            at.add(
                    "type " + type,
                    String.join(", ", RBAC_ROUTE, LIMIT, JWT_ROUTE, FAULT),
                    "remove it, or wrap it into a FilterConfig with is_optional: true");
        }
        return Optional.empty();
    }

    private static RouteOverride requirement(PerRouteConfig proto) {
        return proto.getDisabled()
                ? new RouteOverride.Off()
                : new RouteOverride.Requirement(proto.getRequirementName());
    }

    private static Optional<HttpFilterSpec> fault(Config config, Spot at) {
        return Extensions.open(config, HTTPFault.getDefaultInstance(), at)
                .flatMap(proto -> HttpFaultParser.parse(proto, at));
    }

    private static Optional<HttpFilterSpec> healthCheck(HealthCheck proto, Spot at) {
        int before = at.problems().count();
        if (!proto.hasPassThroughMode()) {
            at.field("pass_through_mode").add("nothing", "true or false", "say who answers probes");
        }
        List<HeaderMatcher> headers = new ArrayList<>();
        for (int i = 0; i < proto.getHeadersCount(); i++) {
            Spot spot = at.field("headers").index(i);
            MatcherParser.header(proto.getHeaders(i), spot.problems()).ifPresent(headers::add);
        }
        ProbeMode mode =
                proto.getPassThroughMode().getValue() ? ProbeMode.PASS_THROUGH : ProbeMode.ANSWER;
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new HttpFilterSpec.HealthCheck(mode, headers));
    }
}
