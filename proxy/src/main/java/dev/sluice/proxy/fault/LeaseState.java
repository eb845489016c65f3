package dev.sluice.proxy.fault;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.fault.FaultLease;
import java.time.Instant;

/**
 * A lease as it stands at one moment. Immutable.
 *
 * @param name given, or made up
 * @param lease as it was taken, name and seed filled in
 * @param created when it was taken
 * @param expires when it ends at the latest
 * @param phase what became of it
 * @param matched attempts that its selection chose
 * @param injected attempts that it changed
 */
public record LeaseState(
        FaultName name,
        FaultLease lease,
        Instant created,
        Instant expires,
        Phase phase,
        long matched,
        long injected) {
    /** What became of a lease. */
    public enum Phase {
        /** It injects. */
        ACTIVE,
        /** Its time is over. */
        EXPIRED,
        /** Its budget is used up. */
        SPENT,
        /** Somebody ended it. */
        ENDED
    }
}
