package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.Problem;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.RouteOverride;
import dev.sluice.proxy.snapshot.filter.RbacSpec;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Action;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Rule;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the RBAC filter; empty after a problem. Stateless. */
final class RbacParser {
    private RbacParser() {}

    static Optional<HttpFilterSpec> filter(
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC proto, Spot at) {
        int before = at.problems().count();
        Optional<RbacSpec> rules =
                proto.hasRules() ? rules(proto.getRules(), at.field("rules")) : Optional.empty();
        Optional<RbacSpec> shadow =
                proto.hasShadowRules()
                        ? rules(proto.getShadowRules(), at.field("shadow_rules"))
                        : Optional.empty();
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new HttpFilterSpec.Rbac(rules, shadow));
    }

    /** Settings of a route; without {@code rbac} the filter is off there. */
    static Optional<RouteOverride> perRoute(RBACPerRoute proto, Spot at) {
        return proto.hasRbac()
                ? filter(proto.getRbac(), at.field("rbac")).map(RouteOverride.Settings::new)
                : Optional.of(new RouteOverride.Off());
    }

    private static Optional<RbacSpec> rules(RBAC proto, Spot at) {
        int before = at.problems().count();
        Action action =
                switch (proto.getAction()) {
                    case ALLOW -> Action.ALLOW;
                    case DENY -> Action.DENY;
                    case LOG -> Action.LOG;
                    case UNRECOGNIZED -> {
                        at.field("action")
                                .add(
                                        "unknown number " + proto.getActionValue(),
                                        "ALLOW, DENY or LOG",
                                        "choose one");
                        yield Action.DENY;
                    }
                };
        List<RbacSpec.Policy> policies = new ArrayList<>();
        new TreeMap<>(proto.getPoliciesMap())
                .forEach((name, policy) ->
                        policies.add(policy(name, policy, at.field("policies").key(name))));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new RbacSpec(action, policies));
    }

    private static RbacSpec.Policy policy(String name, Policy proto, Spot at) {
        PermissionParser permissions = new PermissionParser();
        PrincipalParser principals = new PrincipalParser();
        return new RbacSpec.Policy(
                name,
                permissions.all(proto.getPermissionsList(), at.field("permissions")),
                principals.all(proto.getPrincipalsList(), at.field("principals")));
    }

    /** A list that must not be empty. */
    static void notEmpty(int count, Spot at) {
        if (count == 0) {
            at.add("an empty list", "at least one", "write `any: true` for every request");
        }
    }

    /** {@code any: false} means nothing. */
    static Optional<Rule> any(boolean any, Spot at) {
        if (!any) {
            at.field("any").add("false", "true", "remove it, or write true");
            return Optional.empty();
        }
        return Optional.of(new Rule.Any());
    }

    static Optional<Rule> path(PathMatcher proto, Spot at) {
        Optional<StringMatcher> matcher =
                MatcherParser.string(proto.getPath(), at.field("path").problems());
        return matcher.map(Rule.UrlPath::new);
    }

    /** A rule of a kind that is not supported; its field was refused before. */
    static Optional<Rule> unset(String kind, Spot at) {
        at.add("no rule", "a supported " + kind, "write `any: true` for every request");
        return Optional.empty();
    }

    static void portInRange(long port, Spot at) {
        if (port < 0 || port > 65_535) {
            at.add(Long.toString(port), "0..65535", "write a port");
        }
    }

    static Optional<RbacSpec.AddressRange> range(
            io.envoyproxy.envoy.config.core.v3.CidrRange proto, Spot at) {
        if (!Values.isIp(proto.getAddressPrefix())) {
            at.field("address_prefix")
                    .add(
                            Problem.quote(proto.getAddressPrefix()),
                            "an IPv4 or IPv6 address",
                            "write an address, not a name");
            return Optional.empty();
        }
        var prefix = java.net.InetAddress.ofLiteral(proto.getAddressPrefix());
        int bits = prefix.getAddress().length * 8;
        int length = Values.number(proto.getPrefixLen(), 0, bits, at.field("prefix_len"));
        return Optional.of(new RbacSpec.AddressRange(prefix, length));
    }
}
