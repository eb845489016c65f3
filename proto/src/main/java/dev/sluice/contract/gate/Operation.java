package dev.sluice.contract.gate;

/**
 * What a request does, as its route says it. Immutable.
 *
 * @param name name in evidence, logs and trips
 * @param operationClass what it may do to data
 */
public record Operation(String name, OperationClass operationClass) {}
