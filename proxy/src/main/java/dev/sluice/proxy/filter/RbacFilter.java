package dev.sluice.proxy.filter;

import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.FilterEvent.Kind;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.RbacSpec;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Action;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import java.util.List;
import java.util.Optional;

/** Lets requests pass by who sends them and what they ask for. Immutable. */
final class RbacFilter implements HttpFilter {
    private final String name;
    private final Optional<Rules> rules;
    private final Optional<Rules> shadow;

    private RbacFilter(String name, Optional<Rules> rules, Optional<Rules> shadow) {
        this.name = name;
        this.rules = rules;
        this.shadow = shadow;
    }

    static RbacFilter of(String name, HttpFilterSpec.Rbac spec, ClientAddress clientAddress) {
        RbacMatcher matcher = new RbacMatcher(clientAddress);
        return new RbacFilter(
                name,
                spec.rules().map(rules -> new Rules(rules, matcher)),
                spec.shadow().map(rules -> new Rules(rules, matcher)));
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        List<FilterEvent> events =
                shadow.map(rules -> List.of(event(rules.check(request)))).orElse(List.of());
        if (rules.isEmpty()) {
            return FilterAnswer.Continue.unchanged(request, events);
        }
        return switch (rules.get().check(request)) {
            case Check.Allowed() -> FilterAnswer.Continue.unchanged(request, events);
            case Check.Denied(String policy) ->
                    new FilterAnswer.Refuse(
                            Refusal.ACCESS_DENIED,
                            Refusal.ACCESS_DENIED.status(),
                            "rbac_access_denied_matched_policy[" + policy + "]",
                            Changes.NONE,
                            events);
        };
    }

    private FilterEvent event(Check check) {
        return switch (check) {
            case Check.Allowed() -> new FilterEvent(name, Kind.SHADOW_ALLOWED);
            case Check.Denied denied -> new FilterEvent(name, Kind.SHADOW_DENIED);
        };
    }

    private sealed interface Check {
        record Allowed() implements Check {}

        /**
         * @param policy that matched; {@code none} when one would have had to
         */
        record Denied(String policy) implements Check {}
    }

    private record Rules(RbacSpec spec, RbacMatcher matcher) {
        private static final Check ALLOWED = new Check.Allowed();

        Check check(FilterRequest request) {
            if (spec.action() == Action.LOG) {
                return ALLOWED;
            }
            for (RbacSpec.Policy policy : spec.policies()) {
                if (matcher.matches(policy, request.view())) {
                    return spec.action() == Action.ALLOW
                            ? ALLOWED
                            : new Check.Denied(policy.name());
                }
            }
            return spec.action() == Action.ALLOW ? new Check.Denied("none") : ALLOWED;
        }
    }
}
