package dev.sluice.proxy.snapshot.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import java.util.List;
import java.util.Optional;

/** What one HTTP filter does; the router and the gate are no filters here. Immutable. */
public sealed interface HttpFilterSpec {
    /**
     * Lets requests pass by who sends them and what they ask for (Envoy {@code
     * envoy.filters.http.rbac}).
     *
     * @param rules that are obeyed; absent: every request passes
     * @param shadow rules whose answer is only counted
     */
    record Rbac(Optional<RbacSpec> rules, Optional<RbacSpec> shadow) implements HttpFilterSpec {}

    /**
     * Limits how many requests pass in a time (Envoy {@code envoy.filters.http.local_ratelimit}).
     */
    record LocalRateLimit(LocalRateLimitSpec limit) implements HttpFilterSpec {}

    /** Lets requests pass by their tokens (Envoy {@code envoy.filters.http.jwt_authn}). */
    record Jwt(JwtSpec spec) implements HttpFilterSpec {
        /** The same providers, but every request needs what is known by this name. */
        public Jwt requiring(String name) {
            JwtSpec.Requirement needed =
                    spec.named().getOrDefault(name, new JwtSpec.Requirement.Unknown(name));
            return new Jwt(
                    new JwtSpec(
                            spec.providers(),
                            List.of(new JwtSpec.Rule(RouteMatchSpec.ALL, needed)),
                            spec.named(),
                            spec.preflight()));
        }
    }

    /**
     * Answers probes of this proxy's health (Envoy {@code envoy.filters.http.health_check}).
     *
     * @param mode who answers
     * @param headers all must hold for a request to be a probe
     */
    record HealthCheck(ProbeMode mode, List<HeaderMatcher> headers) implements HttpFilterSpec {
        public HealthCheck {
            headers = List.copyOf(headers);
        }
    }

    /** Delays, aborts and slows requests (Envoy {@code envoy.filters.http.fault}). */
    record Fault(HttpFaultSpec spec) implements HttpFilterSpec {}

    /**
     * Limits how many requests are under way by how long they take (Envoy {@code
     * envoy.filters.http.adaptive_concurrency}).
     */
    record AdaptiveConcurrency(AdaptiveConcurrencySpec limit) implements HttpFilterSpec {}

    /** Records exchanges (Envoy {@code envoy.filters.http.tap}). */
    record Tap(TapFilterSpec spec) implements HttpFilterSpec {}

    /** Who answers a probe while this proxy is healthy. */
    enum ProbeMode {
        /** This proxy, with 200. */
        ANSWER,
        /** The upstream. */
        PASS_THROUGH
    }

    /**
     * A filter of a listener.
     *
     * @param name by which routes refer to it
     * @param initially whether it is on where a route says nothing
     */
    record Named(String name, HttpFilterSpec spec, Initially initially) {}

    /** Whether a filter works where a route says nothing about it. */
    enum Initially {
        ON,
        OFF
    }

    /** What a route, virtual host or route configuration says about a filter. */
    sealed interface RouteOverride {
        /** It does nothing there. */
        record Off() implements RouteOverride {}

        /** These settings hold in place of the listener's. */
        record Settings(HttpFilterSpec spec) implements RouteOverride {}

        /** What the listener's JWT filter holds under this name is needed there. */
        record Requirement(String name) implements RouteOverride {}
    }
}
