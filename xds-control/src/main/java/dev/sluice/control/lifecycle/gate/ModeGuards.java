package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.stream.Stream;

/**
 * What can stand against other modes of a gate. Immutable.
 *
 * @param shares the rules of what else moves keys
 */
record ModeGuards(ShareRules shares) {

    /**
     * The modes change only where no key moves by it: from a finished move to the next one, or from
     * one that has not begun. And it changes only when the whole fleet is there, no node lagging
     * and no key taken back: so no more than two neighbouring modes are in force.
     */
    void check(GateState present, Gate next, Refusals refusals) {
        Gate now = present.content();
        if (!stepsChange(now, next)) {
            return;
        }
        shares.guards().refuseMigrating("from", new ShareTarget.OfGate(present.name()), refusals);
        shares.guards().refuseTakenBack("from", present, refusals);
        shares.guards().refuseLagging("from", present, present.presentEntry(), refusals);
        shares.guards().writes().refuseMoving("from", present, refusals);
        boolean noneMoves =
                Stream.of(now.from(), now.to())
                        .anyMatch(mode -> everyKeyIn(mode, now) && everyKeyIn(mode, next));
        if (!noneMoves) {
            refusals.precondition(
                    "from",
                    now.from()
                            + " to "
                            + now.to()
                            + " at "
                            + now.share()
                            + ", then "
                            + next.from()
                            + " to "
                            + next.to()
                            + " at "
                            + next.share(),
                    "modes under which every key keeps its mode",
                    "finish the present move (100 %) or take it back (0 %), remove rules that fix"
                            + " an arm against it, then change the modes");
        }
    }

    private static boolean everyKeyIn(Mode mode, Gate gate) {
        boolean notBegun = gate.from() == mode && gate.share().isNone() && !fixesAny(gate, Arm.NEW);
        boolean done = gate.to() == mode && gate.share().isAll() && !fixesAny(gate, Arm.LEGACY);
        return notBegun || done;
    }

    private static boolean fixesAny(Gate gate, Arm arm) {
        return gate.rules().stream()
                .anyMatch(rule -> rule.outcome().equals(new Rule.Outcome.Fixed(arm)));
    }

    static boolean stepsChange(Gate now, Gate next) {
        return now.from() != next.from() || now.to() != next.to();
    }
}
