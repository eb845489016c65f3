package dev.sluice.contract.decide;

import dev.sluice.contract.Problem;

/** Whether a gate that came again replaces the one that is held. Immutable. */
public sealed interface Acceptance {
    /** It does; the latches that it acknowledges are gone. */
    record Accepted(HeldGate held) implements Acceptance {}

    /** It is the one that is held. */
    record Unchanged() implements Acceptance {}

    /** It is older than the one held, or contradicts it; the one held stays. */
    record Refused(Problem problem) implements Acceptance {}
}
