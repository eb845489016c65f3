package dev.sluice.control.change.spec;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A gate as the log keeps it: what sidecars obey, and what people read about it. Immutable.
 *
 * @param content the gate of the contract, whole; its clusters bear the names of versions
 * @param expires when its owner wants it gone; it goes on after that
 * @param writeMaxWait longest wait of one write that is held to change sides, 3 s..60 s; default 5
 *     s; of two stores only
 */
public record GateSpec(
        Gate content,
        Description description,
        Optional<Instant> expires,
        Optional<Duration> writeMaxWait) {
    /** Without an end, and with defaults. */
    public GateSpec(Gate content, Description description) {
        this(content, description, Optional.empty(), Optional.empty());
    }

    /** The same with another content. */
    public GateSpec withContent(Gate other) {
        return new GateSpec(other, description, expires, writeMaxWait);
    }

    /** Its revision, which only what was never decided on lacks. */
    public GateRevision revision() {
        return content.revision().orElseThrow();
    }

    /** The same under another revision. */
    public GateSpec withRevision(GateRevision revision) {
        return withContent(content.withRevision(revision));
    }
}
