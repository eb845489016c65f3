package dev.sluice.control.catalog;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.GateSpec;
import java.time.Instant;

/**
 * A gate as it was at one revision, and who made it so. Immutable.
 *
 * @param seq of the event
 */
public record GateRevisionEntry(
        GateSpec spec, long seq, Instant time, Principal actor, Action action, String reason) {
    static GateRevisionEntry of(GateSpec spec, Action action, LoggedEvent by) {
        return new GateRevisionEntry(
                spec,
                by.seq(),
                by.stamp().time(),
                by.stamp().principal(),
                action,
                by.stamp().reason());
    }

    public GateRevision revision() {
        return spec.content().revision().orElseThrow();
    }
}
