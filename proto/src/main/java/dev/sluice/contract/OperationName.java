package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of an operation: {@code operations/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record OperationName(String id) implements Comparable<OperationName> {
    private static final String COLLECTION = "operations";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public OperationName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<OperationName> parse(String name) {
        Problems problems = Problems.root();
        Optional<OperationName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<OperationName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new OperationName(ids.getFirst()));
    }

    /** The full resource name, {@code operations/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(OperationName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
