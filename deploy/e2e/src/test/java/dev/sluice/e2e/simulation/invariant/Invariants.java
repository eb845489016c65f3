package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.e2e.simulation.invariant.History.AtTheEnd;
import dev.sluice.e2e.simulation.invariant.History.Broke;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Failed;
import java.util.ArrayList;
import java.util.List;

/**
 * What must hold in every history, whatever went wrong. Each is a model of its own over the
 * history: none asks the code that decided.
 */
public final class Invariants {
    private Invariants() {}

    /** Reads a history from its beginning, fact by fact, and says what does not fit. */
    interface Invariant {
        void read(Fact fact, List<String> violations);
    }

    /** Every violation of every invariant, in words. */
    public static List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Invariant invariant :
                List.of(
                        new OnlyWhatIsRecorded(),
                        new NeverBackwards(),
                        new KillReachesAll(),
                        new TwoModes(),
                        new TripHolds(),
                        new StepByStep(),
                        new OneLog(),
                        new NothingDropped(),
                        new OneStore(),
                        Invariants::repeating,
                        Invariants::ending,
                        Invariants::convergence)) {
            history.facts().forEach(fact -> invariant.read(fact, violations));
        }
        return violations;
    }

    /** What failed on NEW is repeated on LEGACY when it is a read, and never when it is a write. */
    private static void repeating(Fact fact, List<String> violations) {
        if (fact instanceof Failed failed) {
            boolean isToBe =
                    failed.operation().operationClass() == OperationClass.READ
                            && failed.decision().arm() == Arm.NEW;
            if (isToBe != failed.repeated()) {
                violations.add("repeating: " + failed);
            }
        }
    }

    private static void ending(Fact fact, List<String> violations) {
        if (fact instanceof Broke broke) {
            violations.add("ending: " + broke);
        }
    }

    /** When all has been well for long, every sidecar holds what the log says. */
    private static void convergence(Fact fact, List<String> violations) {
        if (fact instanceof AtTheEnd end) {
            end.held()
                    .forEach((node, held) -> {
                        if (!held.equals(end.log())) {
                            violations.add(
                                    "convergence: "
                                            + node
                                            + " holds "
                                            + held
                                            + ", the log "
                                            + end.log());
                        }
                    });
        }
    }
}
