package dev.sluice.control.change.spec;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import java.time.Instant;
import java.util.Optional;

/**
 * A gate as the log keeps it: what sidecars obey, and what people read about it. Immutable.
 *
 * @param content the gate of the contract, whole; its clusters bear the names of versions
 * @param expires when its owner wants it gone; it goes on after that
 */
public record GateSpec(Gate content, Description description, Optional<Instant> expires) {
    /** Without an end. */
    public GateSpec(Gate content, Description description) {
        this(content, description, Optional.empty());
    }

    /** Its revision, which only what was never decided on lacks. */
    public GateRevision revision() {
        return content.revision().orElseThrow();
    }

    /** The same under another revision. */
    public GateSpec withRevision(GateRevision revision) {
        return new GateSpec(content.withRevision(revision), description, expires);
    }
}
