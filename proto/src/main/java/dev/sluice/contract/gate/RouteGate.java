package dev.sluice.contract.gate;

import dev.sluice.contract.GateName;
import java.util.Optional;

/**
 * What a route says about gates: which gate chooses its cluster, or which arm of it is behind the
 * route. Immutable.
 *
 * @param source the gate, or its name
 * @param operation what a request of the route does; UNSAFE_WRITE and the route's name by default
 * @param served the arm that is called through this route, at the sidecar of the called service;
 *     empty: the gate chooses
 */
public record RouteGate(Source source, Operation operation, Optional<Arm> served) {
    /** A route whose cluster the gate chooses. */
    public RouteGate(Source source, Operation operation) {
        this(source, operation, Optional.empty());
    }

    /** Where the gate comes from. */
    public sealed interface Source {
        /** The gate stream; the route waits for it. */
        record Named(GateName name) implements Source {}

        /** It stands in the route itself. */
        record Inline(Gate gate) implements Source {}
    }
}
