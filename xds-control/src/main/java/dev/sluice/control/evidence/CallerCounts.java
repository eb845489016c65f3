package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import java.time.Instant;

/**
 * Calls of one caller to one arm of a gate, as sidecars of the called service count them.
 * Immutable. Source: evidence.proto, CallerEvidence.
 *
 * @param requests calls that ended, refused ones included
 * @param refused calls refused because the arm is past its point of no return
 * @param last when the last one ended, by the sidecar's clock
 */
public record CallerCounts(Caller caller, long requests, long refused, Instant last) {
    /** Who called what. */
    public record Caller(GateName gate, Arm arm, String operation, Who who) {}

    /** Who called. */
    public sealed interface Who {
        /**
         * One caller.
         *
         * @param identity SPIFFE id, else first DNS name, of its verified certificate; empty
         *     without
         * @param service that it says to be of, for which nobody vouches; empty for none
         */
        record Named(String identity, String service) implements Who {}

        /** All callers that a sidecar did not tell apart. */
        record Others() implements Who {}
    }

    /** Counts of the same caller by two sidecars. */
    CallerCounts plus(CallerCounts other) {
        return new CallerCounts(
                caller,
                requests + other.requests,
                refused + other.refused,
                last.isAfter(other.last) ? last : other.last);
    }
}
