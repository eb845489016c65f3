package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.plan.Plan.FallbackWhen;
import java.util.Optional;

/** What the gate step says about a request in the end. Immutable. */
public sealed interface GateAnswer extends GateReply {
    /**
     * The route's gate decided.
     *
     * @param gate the revision that decided
     * @param fallback when the request may be repeated on LEGACY; empty: never
     * @param explain whether the answer tells the decision
     * @param write what is under way, where it follows a write authority
     */
    record Decided(
            Gate gate,
            GateDecision decision,
            Operation operation,
            Optional<FallbackWhen> fallback,
            boolean explain,
            Write write)
            implements GateAnswer {
        /** One that follows no write authority. */
        public Decided(
                Gate gate,
                GateDecision decision,
                Operation operation,
                Optional<FallbackWhen> fallback,
                boolean explain) {
            this(gate, decision, operation, fallback, explain, Write.NONE);
        }

        /** The same, let go on after its write was held. */
        Decided after(long heldNanos) {
            return new Decided(
                    gate,
                    decision,
                    operation,
                    fallback,
                    explain,
                    new Write(write.end(), heldNanos));
        }

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
     * A write on its way to the arm that its write authority gives it.
     *
     * @param end to be released when the request is over
     * @param heldNanos how long it was held before
     */
    record Write(TraceDecisions.Hold end, long heldNanos) {
        /** Of a request that follows no write authority. */
        static final Write NONE = new Write(TraceDecisions.nothing(), 0);
    }

    /**
     * The route leads to the service beside this sidecar, which plays an arm of a gate.
     *
     * @param retired calls of the arm are refused
     */
    record Served(GateName gate, Arm arm, Operation operation, boolean retired)
            implements GateAnswer {
        /** Why a call is refused when the arm is retired. */
        public String retirement() {
            return "%s is past its point of no return, and this is its version LEGACY"
                    .formatted(gate);
        }
    }

    /**
     * The write authority of the request's key moves, and it waits no longer.
     *
     * @param detail why, in a sentence
     */
    record Held(String detail) implements GateAnswer {}

    /** The client went away while its write was held. */
    record Left(StreamReset why) implements GateAnswer {}

    /** The route names no gate. */
    record NoGate() implements GateAnswer {}

    /** The route names a gate that is not in force here. */
    record Unknown(GateName name) implements GateAnswer {}
}
