package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a gate set: {@code gateSets/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record GateSetName(String id) implements Comparable<GateSetName> {
    private static final String COLLECTION = "gateSets";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public GateSetName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<GateSetName> parse(String name) {
        Problems problems = Problems.root();
        Optional<GateSetName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<GateSetName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new GateSetName(ids.getFirst()));
    }

    /** The full resource name, {@code gateSets/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(GateSetName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
