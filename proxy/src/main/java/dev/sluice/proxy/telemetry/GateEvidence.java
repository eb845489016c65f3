package dev.sluice.proxy.telemetry;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateRevision;
import java.util.List;
import java.util.Optional;

/**
 * What one arm of one gate did for one operation since boot, as evidence.proto's GateEvidence.
 * Immutable.
 *
 * @param key of what
 * @param share requests decided by SHARE, first attempts only
 * @param other requests decided otherwise
 * @param fallbacks attempts on LEGACY after a failure on NEW
 * @param latency time to the last byte of the answer, requests decided by SHARE
 * @param keyCells distinct keys by cell, 256 counters
 * @param firstErrors keys at their first error, 56 bits each
 * @param firstSlow keys at their first slow answer, 56 bits each
 * @param overflow keys or events that the bounded sets had no room for
 * @param excluded requests under a fault that is left out; in no other count
 * @param version counts up with every change, to leave out what did not change
 */
public record GateEvidence(
        Key key,
        Outcomes share,
        Outcomes other,
        long fallbacks,
        Latency latency,
        List<Integer> keyCells,
        List<Long> firstErrors,
        List<Long> firstSlow,
        long overflow,
        long excluded,
        long version) {
    public GateEvidence {
        keyCells = List.copyOf(keyCells);
        firstErrors = List.copyOf(firstErrors);
        firstSlow = List.copyOf(firstSlow);
    }

    /**
     * What is counted apart.
     *
     * @param revision that decided; empty for an inline gate
     */
    public record Key(GateName gate, Optional<GateRevision> revision, Arm arm, String operation) {}

    /** Requests by how they ended; each is in exactly one count after {@code requests}. */
    public record Outcomes(
            long requests,
            long successes,
            long clientErrors,
            long serverErrors,
            long resets,
            long timeouts,
            long cancelled,
            long underFault) {}

    /**
     * A log-linear histogram.
     *
     * @param buckets those that are not zero, ascending
     * @param sumMicros of all values
     */
    public record Latency(List<Bucket> buckets, long sumMicros) {
        public Latency {
            buckets = List.copyOf(buckets);
        }
    }

    /** Count of one bucket. */
    public record Bucket(int index, long count) {}
}
