package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.decide.Preview;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;

/**
 * What can stand against other rules of a gate: keys that would go back unasked, or on outside the
 * plan of a migration, and sidecars that could not read them. Immutable.
 *
 * @param shares the rules of what else moves keys
 */
record RuleGuards(Catalog catalog, ShareRules shares) {
    /** Notes what stands against the next content of a gate. */
    void check(GateState present, Gate next, BackMoves backMoves, Refusals refusals) {
        refuseBackMoves(present.content(), next, backMoves, refusals);
        if (putsMoreIn(present.content().rules(), next.rules())) {
            shares.guards()
                    .refuseMigrating("rules", new ShareTarget.OfGate(present.name()), refusals);
        }
        boolean ofRules = next.contractVersion() <= CohortMatch.CONTRACT_VERSION;
        new WriteGuards(catalog, shares.fleet())
                .refuseUnreadable(
                        ofRules ? "rules" : "from", present, next.contractVersion(), refusals);
    }

    /** Keys that would go back though the share is not lowered. */
    private void refuseBackMoves(Gate now, Gate next, BackMoves backMoves, Refusals refusals) {
        boolean otherVersion = !now.newCluster().equals(next.newCluster()) && !now.share().isNone();
        boolean moves = otherVersion || Preview.between(now, next).needsAllowMoves();
        if (moves && now.takeBack() == TakeBack.FORBIDDEN) {
            refusals.precondition(
                    "take_back",
                    "FORBIDDEN for " + now.name(),
                    "FROM where keys would go back",
                    "the legacy data is no longer kept in step: repair the new version and roll"
                            + " forward");
        } else if (moves && backMoves == BackMoves.REFUSED) {
            refusals.precondition(
                    "allow_moves",
                    "another salt, key source, rule, mode or new version of "
                            + now.name()
                            + " while "
                            + now.share()
                            + " of the keys have moved",
                    "a change by which no key goes back",
                    "preview the change; to make it, allow moves");
        }
    }

    /** Whether some rule puts in whom the rules before did not surely put in by one like it. */
    private static boolean putsMoreIn(List<Rule> before, List<Rule> after) {
        return after.stream()
                .filter(rule -> rule.outcome().equals(new Rule.Outcome.Fixed(Arm.NEW)))
                .anyMatch(rule -> before.stream().noneMatch(old -> putsIn(old, rule)));
    }

    private static boolean putsIn(Rule old, Rule rule) {
        if (old.equals(rule)) {
            return true;
        }
        return old.withCohort(rule.cohort()).equals(rule)
                && (old.cohort().isEmpty()
                        || rule.cohort().filter(old.cohort().get()::covers).isPresent());
    }
}
