package dev.sluice.proxy.observe;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;

/**
 * A call of the service beside this sidecar, which plays an arm of a gate. Immutable.
 *
 * @param gate name
 * @param arm that was called
 * @param operation name in evidence
 * @param identity SPIFFE id, else first DNS name, of the caller's verified certificate; empty
 *     without
 * @param service that the caller says to be of; empty without
 * @param refused the arm is retired
 */
public record ServedCall(
        GateName gate,
        Arm arm,
        String operation,
        String identity,
        String service,
        boolean refused) {
    /** Longest name of a service that is told apart, characters. */
    public static final int LONGEST_SERVICE = 128;

    public ServedCall {
        if (service.length() > LONGEST_SERVICE) {
            service = service.substring(0, LONGEST_SERVICE);
        }
    }
}
