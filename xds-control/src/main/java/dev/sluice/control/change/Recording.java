package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the legacy arms of the gates of a target had done by one moment. Immutable.
 *
 * @param time of that moment
 * @param gates one for each gate of the target
 */
public record Recording(Instant time, List<OfGate> gates) {
    public Recording {
        gates = List.copyOf(gates);
    }

    /** What was counted at one of the gates. */
    public Optional<OfGate> of(GateName gate) {
        return gates.stream().filter(found -> found.gate().equals(gate)).findFirst();
    }

    /**
     * What was counted at one gate.
     *
     * @param revision under which it was
     * @param since when that revision was made
     * @param own of requests that the gate decided by share
     * @param carried of requests whose decision was carried to it, with buckets in the place of
     *     keys
     */
    public record OfGate(
            GateName gate, GateRevision revision, Instant since, Counts own, Counts carried) {
        /** Keys or buckets, whichever are more. */
        public long seen() {
            return Math.max(own.arm.keysAtLeast(), carried.arm.keysAtLeast());
        }

        /** Requests under an injected fault. */
        public long underFault() {
            return own.arm.underFault() + carried.arm.underFault();
        }

        /** Keys that sidecars had no room for. */
        public long overflow() {
            return own.arm.overflow() + carried.arm.overflow();
        }
    }

    /**
     * What the legacy arm did.
     *
     * @param latency ascending
     */
    public record Counts(JudgedArm arm, List<Quantile> latency) {
        public Counts {
            latency = List.copyOf(latency);
        }
    }

    /**
     * One quantile of latency.
     *
     * @param ppm of how many requests, parts per million
     * @param micros at most this long, microseconds
     */
    public record Quantile(int ppm, long micros) {}
}
