package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a baseline: {@code baselines/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record BaselineName(String id) implements Comparable<BaselineName> {
    private static final String COLLECTION = "baselines";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public BaselineName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<BaselineName> parse(String name) {
        Problems problems = Problems.root();
        Optional<BaselineName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<BaselineName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new BaselineName(ids.getFirst()));
    }

    /** The full resource name, {@code baselines/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(BaselineName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
