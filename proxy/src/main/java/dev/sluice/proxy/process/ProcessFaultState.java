package dev.sluice.proxy.process;

import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.fault.ProcessFault;
import java.time.Instant;

/**
 * A fault of this process as it stands at one moment. Immutable.
 *
 * @param name given, or made up
 * @param fault as it was taken, name filled in
 * @param created when it was taken
 * @param expires when it ends at the latest
 * @param phase what became of it
 * @param injected what it has done, in the unit of its kind
 */
public record ProcessFaultState(
        ProcessFaultName name,
        ProcessFault fault,
        Instant created,
        Instant expires,
        Phase phase,
        long injected) {
    /** What became of a fault. */
    public enum Phase {
        /** It lasts. */
        ACTIVE,
        /** Its time is over. */
        EXPIRED,
        /** Somebody ended it. */
        ENDED
    }
}
