package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.part.RouteMatchParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads what the JWT filter asks of requests. Immutable.
 *
 * @param providers by name
 */
record JwtRequirements(Map<String, TokenProvider> providers) {
    Map<String, Requirement> named(Map<String, JwtRequirement> protos, Spot at) {
        Map<String, Requirement> named = new LinkedHashMap<>();
        new TreeMap<>(protos)
                .forEach((name, proto) ->
                        requirement(proto, at.key(name))
                                .ifPresent(found -> named.put(name, found)));
        return named;
    }

    List<JwtSpec.Rule> rules(
            List<RequirementRule> protos, Map<String, Requirement> named, Spot at) {
        List<JwtSpec.Rule> rules = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            RequirementRule proto = protos.get(i);
            Spot spot = at.index(i);
            Optional<RouteMatchSpec> match =
                    RouteMatchParser.parse(proto.getMatch(), spot.field("match"));
            if (!RouteMatchParser.share(proto.getMatch()).isAlwaysAll()) {
                spot.field("match")
                        .field("runtime_fraction")
                        .add("a part", "all requests", "remove it; a rule is for all it matches");
            }
            Optional<Requirement> needed =
                    switch (proto.getRequirementTypeCase()) {
                        case REQUIRES -> requirement(proto.getRequires(), spot.field("requires"));
                        case REQUIREMENT_NAME -> byName(proto.getRequirementName(), named, spot);
                        case REQUIREMENTTYPE_NOT_SET -> Optional.of(new Requirement.None());
                    };
            if (match.isPresent() && needed.isPresent()) {
                rules.add(new JwtSpec.Rule(match.get(), needed.get()));
            }
        }
        return rules;
    }

    private static Optional<Requirement> byName(
            String name, Map<String, Requirement> named, Spot at) {
        Optional<Requirement> found = Optional.ofNullable(named.get(name));
        if (found.isEmpty()) {
            at.field("requirement_name")
                    .add(
                            Problem.quote(name),
                            "a name of requirement_map: " + named.keySet(),
                            "add the requirement, or correct its name");
        }
        return found;
    }

    private Optional<Requirement> requirement(JwtRequirement proto, Spot at) {
        return switch (proto.getRequiresTypeCase()) {
            case PROVIDER_NAME ->
                    provider(proto.getProviderName(), at.field("provider_name"))
                            .map(found -> new Requirement.Token(found, List.of()));
            case PROVIDER_AND_AUDIENCES -> {
                var both = proto.getProviderAndAudiences();
                Spot spot = at.field("provider_and_audiences").field("provider_name");
                yield provider(both.getProviderName(), spot)
                        .map(found -> new Requirement.Token(found, both.getAudiencesList()));
            }
            case REQUIRES_ANY ->
                    list(proto.getRequiresAny().getRequirementsList(), at.field("requires_any"))
                            .map(Requirement.Any::new);
            case REQUIRES_ALL ->
                    list(proto.getRequiresAll().getRequirementsList(), at.field("requires_all"))
                            .map(Requirement.All::new);
            case ALLOW_MISSING -> Optional.of(new Requirement.MissingAllowed());
            case ALLOW_MISSING_OR_FAILED -> Optional.of(new Requirement.FailureAllowed());
            case REQUIRESTYPE_NOT_SET -> Optional.of(new Requirement.None());
        };
    }

    private Optional<TokenProvider> provider(String name, Spot at) {
        Optional<TokenProvider> found = Optional.ofNullable(providers.get(name));
        if (found.isEmpty()) {
            at.add(
                    Problem.quote(name),
                    "one of the providers " + providers.keySet(),
                    "add the provider, or correct its name");
        }
        return found;
    }

    private Optional<List<Requirement>> list(List<JwtRequirement> protos, Spot at) {
        Spot spot = at.field("requirements");
        if (protos.size() < 2) {
            spot.add(protos.size() + " requirements", "at least 2", "write the one itself");
            return Optional.empty();
        }
        List<Requirement> list = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            requirement(protos.get(i), spot.index(i)).ifPresent(list::add);
        }
        return list.size() == protos.size() ? Optional.of(list) : Optional.empty();
    }
}
