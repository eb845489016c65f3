package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides about isolations: rules in front of all others that fix LEGACY, by their names told from
 * those that belong to a gate. Who may move keys may put and lift them, and no other rule. A change
 * that they make is one of the gate, with all that may stand against it. Immutable.
 */
public record IsolationRules(
        Catalog catalog, FleetReport fleet, CommandContext context, long epoch) {
    private static final String NAME = "isolated";
    private static final int LONGEST_REASON = 1_024;

    public Decision isolate(GateName name, Rule wanted) {
        Refusals refusals = new Refusals();
        Optional<GateState> gate = refusals.require(catalog.gate(name), name);
        checkReason(refusals);
        checkName(wanted.name(), refusals);
        if (!isLegacy(wanted)) {
            refusals.invalid(
                    "rule.arm",
                    wanted.outcome(),
                    "LEGACY",
                    "an isolation keeps requests on LEGACY; other rules are an update of the gate");
        }
        Optional<Rule> present = gate.flatMap(state -> named(state, wanted.name()));
        Optional<Rule> front = joined(present, wanted);
        if (front.isEmpty()) {
            refusals.exists(wanted.name() + ", which isolates something else");
        }
        return gate.filter(_ -> refusals.isEmpty())
                .map(state ->
                        changed(state, Stream.concat(front.stream(), others(state, wanted.name()))))
                .orElseGet(refusals::refused);
    }

    public Decision release(GateName name, String rule) {
        Refusals refusals = new Refusals();
        Optional<GateState> gate = refusals.require(catalog.gate(name), name);
        checkReason(refusals);
        checkName(rule, refusals);
        gate.filter(_ -> refusals.isEmpty())
                .ifPresent(state ->
                        refusals.require(
                                named(state, rule).filter(IsolationRules::isLegacy),
                                "isolation " + rule + " of " + name));
        return gate.filter(_ -> refusals.isEmpty())
                .map(state -> changed(state, others(state, rule)))
                .orElseGet(refusals::refused);
    }

    /** The gate with other rules, decided as any change of it, by what it is now. */
    private Decision changed(GateState present, Stream<Rule> rules) {
        CommandContext ofNow = context.withEtag(present.meta().etag());
        GateSpec spec = present.spec();
        return new GateRules(catalog, fleet, ofNow, epoch)
                .update(
                        spec.withContent(spec.content().withRules(rules.toList())),
                        BackMoves.ALLOWED);
    }

    private void checkReason(Refusals refusals) {
        new Ranges(refusals).text("reason", context.reason(), 1, LONGEST_REASON);
    }

    private static void checkName(String name, Refusals refusals) {
        if (!name.equals(NAME) && !name.startsWith(NAME + "-")) {
            refusals.invalid(
                    "rule.name",
                    Problem.quote(name),
                    "'" + NAME + "', or a name that begins with '" + NAME + "-'",
                    "name it so; other rules are an update of the gate");
        }
    }

    /** Keys come to those that the same rule isolates already; empty: it isolates others. */
    private static Optional<Rule> joined(Optional<Rule> present, Rule wanted) {
        if (present.isEmpty() || present.get().equals(wanted)) {
            return Optional.of(wanted);
        }
        boolean otherRequests =
                !present.get()
                        .withCohort(Optional.empty())
                        .equals(wanted.withCohort(Optional.empty()));
        if (otherRequests || present.get().cohort().isEmpty() || wanted.cohort().isEmpty()) {
            return Optional.empty();
        }
        CohortMatch kept = present.get().cohort().get();
        CohortMatch more = wanted.cohort().get();
        if (kept.name().isPresent() && kept.name().equals(more.name())) {
            return Optional.of(wanted);
        }
        if (!isKeysAlone(kept) || !isKeysAlone(more)) {
            return Optional.empty();
        }
        List<StringMatcher> keys =
                Stream.concat(kept.include().stream(), more.include().stream()).distinct().toList();
        return Optional.of(
                wanted.withCohort(
                        Optional.of(
                                new CohortMatch(Optional.empty(), keys, List.of(), kept.match()))));
    }

    private static boolean isKeysAlone(CohortMatch cohort) {
        return cohort.name().isEmpty()
                && cohort.exclude().isEmpty()
                && !cohort.include().isEmpty()
                && cohort.match().isEvery();
    }

    private static boolean isLegacy(Rule rule) {
        return rule.outcome().equals(new Rule.Outcome.Fixed(Arm.LEGACY));
    }

    private static Optional<Rule> named(GateState gate, String name) {
        return gate.content().rules().stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    private static Stream<Rule> others(GateState gate, String name) {
        return gate.content().rules().stream().filter(rule -> !rule.name().equals(name));
    }
}
