package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a fault lease: {@code faults/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record FaultName(String id) implements Comparable<FaultName> {
    private static final String COLLECTION = "faults";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public FaultName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<FaultName> parse(String name) {
        Problems problems = Problems.root();
        Optional<FaultName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<FaultName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new FaultName(ids.getFirst()));
    }

    /** The full resource name, {@code faults/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(FaultName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
