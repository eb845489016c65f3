package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import java.time.Instant;
import java.util.Optional;

/**
 * What this sidecar found of a failing NEW arm. Immutable.
 *
 * @param id to be acknowledged by a revision
 * @param operation whose keys went back
 * @param revision that was in force; empty for an inline gate
 * @param time of the verdict
 * @param onNew keys seen on NEW in the window of the test
 * @param onLegacy keys seen on LEGACY meanwhile
 * @param logLikelihoodRatio of failing against healthy, at that moment
 * @param moved false: NEW failed but could not be shown worse than LEGACY, so nothing moved
 */
public record Trip(
        String id,
        GateName gate,
        String operation,
        Optional<GateRevision> revision,
        Instant time,
        Keys onNew,
        Keys onLegacy,
        double logLikelihoodRatio,
        boolean moved) {
    /**
     * Distinct keys on one arm.
     *
     * @param seen all
     * @param inError of these, with at least one error
     */
    public record Keys(int seen, int inError) {}
}
