package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a cohort: {@code cohorts/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record CohortName(String id) implements Comparable<CohortName> {
    private static final String COLLECTION = "cohorts";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public CohortName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<CohortName> parse(String name) {
        Problems problems = Problems.root();
        Optional<CohortName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<CohortName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new CohortName(ids.getFirst()));
    }

    /** The full resource name, {@code cohorts/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(CohortName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
