package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a gate: {@code gates/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record GateName(String id) implements Comparable<GateName> {
    private static final String COLLECTION = "gates";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public GateName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<GateName> parse(String name) {
        Problems problems = Problems.root();
        Optional<GateName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<GateName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new GateName(ids.getFirst()));
    }

    /** The full resource name, {@code gates/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(GateName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
