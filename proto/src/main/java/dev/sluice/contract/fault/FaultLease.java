package dev.sluice.contract.fault;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One fault on one arm of one gate, for a while. Immutable.
 *
 * @param name empty: whoever takes the lease makes one up
 * @param gate whose decisions it stands behind
 * @param arm whose attempts it meets
 * @param selection which of them
 * @param fault what is injected
 * @param ttl how long it lasts; 1 s..1 h
 * @param budget attempts that it may match before it ends; 1..1,000,000
 * @param seed of its draws; empty: whoever takes the lease makes one up
 * @param evidence what requests under it mean
 * @param reason for people; may be empty
 */
public record FaultLease(
        Optional<FaultName> name,
        GateName gate,
        Arm arm,
        Selection selection,
        Fault fault,
        Duration ttl,
        int budget,
        OptionalLong seed,
        Evidence evidence,
        String reason) {
    /** What requests under a fault mean for the judge and for trips. */
    public enum Evidence {
        /** They count as they end. */
        COUNTED,
        /** They are left out, and counted apart. */
        EXCLUDED
    }
}
