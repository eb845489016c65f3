package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.proxy.plan.Plan.FallbackWhen;
import java.util.Optional;

/** What the gate step says about a request. Immutable. */
public sealed interface GateAnswer {
    /**
     * The route's gate decided.
     *
     * @param gate the revision that decided
     * @param fallback when the request may be repeated on LEGACY; empty: never
     * @param explain whether the answer tells the decision
     */
    record Decided(
            Gate gate,
            GateDecision decision,
            Operation operation,
            Optional<FallbackWhen> fallback,
            boolean explain)
            implements GateAnswer {
        /** Cluster of the decided arm. */
        public String cluster() {
            return gate.cluster(decision.arm());
        }

        /** Cluster that a fallback goes to. */
        public String fallbackCluster() {
            return gate.cluster(decision.arm().other());
        }

        /** The decision as it turns out when the fallback answers. */
        public GateDecision fellBack() {
            return decision.fallback();
        }

        /** What is carried on when the fallback answers: the mode that its arm has here. */
        CarriedDecision fallbackCarried() {
            GateDecision other = fellBack();
            return new CarriedDecision(
                    gate.carriedId(),
                    other.revision(),
                    other.arm() == Arm.LEGACY ? gate.from() : gate.to(),
                    other.bucket());
        }
    }

    /**
     * The route leads to the service beside this sidecar, which plays an arm of a gate.
     *
     * @param retired calls of the arm are refused
     */
    record Served(GateName gate, Arm arm, Operation operation, boolean retired)
            implements GateAnswer {}

    /** The route names no gate. */
    record NoGate() implements GateAnswer {}

    /** The route names a gate that is not in force here. */
    record Unknown(GateName name) implements GateAnswer {}
}
