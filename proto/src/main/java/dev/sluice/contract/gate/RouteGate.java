package dev.sluice.contract.gate;

import dev.sluice.contract.GateName;

/**
 * What a route says about gates: which gate chooses its cluster. Immutable.
 *
 * @param source the gate, or its name
 * @param operation what a request of the route does; UNSAFE_WRITE and the route's name by default
 */
public record RouteGate(Source source, Operation operation) {
    /** Where the gate comes from. */
    public sealed interface Source {
        /** The gate stream; the route waits for it. */
        record Named(GateName name) implements Source {}

        /** It stands in the route itself. */
        record Inline(Gate gate) implements Source {}
    }
}
