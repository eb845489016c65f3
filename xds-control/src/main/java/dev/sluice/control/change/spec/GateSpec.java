package dev.sluice.control.change.spec;

import dev.sluice.contract.gate.Gate;

/**
 * A gate as the log keeps it: what sidecars obey, and what people read about it. Immutable.
 *
 * @param content the gate of the contract, whole; its clusters bear the names of versions
 */
public record GateSpec(Gate content, Description description) {}
