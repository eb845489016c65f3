package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Rule;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Cohort;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Optional;

/**
 * Decides about cohorts. What a cohort says is whole in the revision of each gate that uses it, so
 * a change of a cohort is a change of those gates, by the same step and the same rules as one by
 * hand. Immutable.
 */
public record CohortRules(Catalog catalog, FleetReport fleet, CommandContext context, long epoch) {
    private static final int MOST_COHORTS = 1_000;

    public Decision create(CohortSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.cohort(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        } else if (catalog.cohorts().size() >= MOST_COHORTS) {
            refusals.precondition(
                    "name",
                    MOST_COHORTS + " cohorts",
                    "fewer than that",
                    "delete those that no gate uses");
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.CohortPut(spec)));
    }

    public Decision update(CohortSpec spec, BackMoves backMoves) {
        Refusals refusals = new Refusals();
        Optional<Cohort> found = refusals.require(catalog.cohort(spec.name()), spec.name());
        check(spec, refusals);
        if (found.isEmpty()) {
            return refusals.refused();
        }
        CohortSpec now = found.get().spec();
        boolean sameKeys = now.content().equals(spec.content());
        List<GateState> users = sameKeys ? List.of() : users(catalog, spec.name());
        if (users.isEmpty()) {
            refusals.checkEtag(found.get(), context);
        } else {
            refusals.requireEtag(found.get(), context);
        }
        if (spec.content().include().isEmpty() && !now.content().include().isEmpty()) {
            refusals.precondition(
                    "include",
                    "no key, which stands for every key",
                    "at least one key, as before",
                    "change the rules that use it, or delete it; to have everybody in it, make"
                            + " another cohort");
        }
        List<GateSpec> next = users.stream().map(gate -> revised(gate, spec.content())).toList();
        for (int i = 0; i < users.size(); i++) {
            refuseTooMany(next.get(i), refusals);
            new RuleGuards(catalog, new ShareRules(catalog, fleet, context, epoch))
                    .check(users.get(i), next.get(i).content(), backMoves, refusals);
        }
        return refusals.orElse(() -> events(now, spec, next));
    }

    public Decision delete(CohortName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.cohort(name), name)
                .ifPresent(cohort -> refusals.checkEtag(cohort, context));
        users(catalog, name).forEach(gate -> refusals.inUse(gate.name()));
        return refusals.orElse(() -> List.of(new Event.CohortDeleted(name)));
    }

    /** Gates with a rule for a cohort, in the order of their names. */
    public static List<GateState> users(Catalog catalog, CohortName name) {
        return catalog.gates().stream()
                .filter(gate -> gate.content().rules().stream().anyMatch(rule -> uses(rule, name)))
                .toList();
    }

    /**
     * A gate with what the cohorts of its rules say now; those that are unknown stay as they are.
     */
    public static GateSpec filled(Catalog catalog, GateSpec gate) {
        List<Rule> rules =
                gate.content().rules().stream()
                        .map(rule ->
                                rule.cohort()
                                        .flatMap(CohortMatch::name)
                                        .flatMap(catalog::cohort)
                                        .map(cohort -> with(rule, cohort.spec().content()))
                                        .orElse(rule))
                        .toList();
        return rules.equals(gate.content().rules()) ? gate : withRules(gate, rules);
    }

    /** Notes cohorts of a gate that there are not, and more keys than a gate can have. */
    static void refuseUnknown(Catalog catalog, GateSpec gate, Refusals refusals) {
        List<Rule> rules = gate.content().rules();
        for (int i = 0; i < rules.size(); i++) {
            String path = "rules[" + i + "].cohort.name";
            rules.get(i)
                    .cohort()
                    .flatMap(CohortMatch::name)
                    .ifPresent(name -> refusals.reference(catalog.cohort(name), path, name));
        }
        refuseTooMany(gate, refusals);
    }

    private static void refuseTooMany(GateSpec gate, Refusals refusals) {
        long keys =
                gate.content().rules().stream()
                        .flatMap(rule -> rule.cohort().stream())
                        .mapToLong(CohortMatch::size)
                        .sum();
        if (keys > CohortMatch.MOST_KEYS_OF_GATE) {
            refusals.precondition(
                    "rules",
                    keys + " keys of cohorts in " + gate.content().name(),
                    "at most " + CohortMatch.MOST_KEYS_OF_GATE,
                    "say them by prefixes, or give these keys a claim or header of their own");
        }
    }

    private void check(CohortSpec spec, Refusals refusals) {
        new Ranges(refusals).description(spec.description());
        if (!spec.content().namesKeys() && spec.content().match().isEvery()) {
            refusals.invalid(
                    "include",
                    "neither include nor exclude nor match",
                    "at least one of them",
                    "say who is in it; a rule without a cohort is for everybody");
        }
    }

    private List<Event> events(CohortSpec now, CohortSpec spec, List<GateSpec> gates) {
        if (now.equals(spec)) {
            return List.of();
        }
        Event put = new Event.CohortPut(spec);
        return gates.isEmpty()
                ? List.of(put)
                : List.of(put, new GatesRevised(Action.COHORT_CHANGED, gates));
    }

    private GateSpec revised(GateState gate, CohortMatch content) {
        CohortName name = content.name().orElseThrow();
        List<Rule> rules =
                gate.content().rules().stream()
                        .map(rule -> uses(rule, name) ? with(rule, content) : rule)
                        .toList();
        GateName own = gate.name();
        List<GateState> whole =
                catalog.gatesOf(ShareRules.whole(catalog, new ShareTarget.OfGate(own)));
        return GateDraft.next(gate.content(), epoch)
                .inStepWith(whole)
                .over(withRules(gate.spec(), rules));
    }

    private static boolean uses(Rule rule, CohortName name) {
        return rule.cohort().flatMap(CohortMatch::name).filter(name::equals).isPresent();
    }

    private static Rule with(Rule rule, CohortMatch cohort) {
        return rule.withCohort(Optional.of(cohort));
    }

    private static GateSpec withRules(GateSpec gate, List<Rule> rules) {
        return gate.withContent(gate.content().withRules(rules));
    }
}
