package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a plan of rings: {@code ringPlans/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record RingPlanName(String id) implements Comparable<RingPlanName> {
    private static final String COLLECTION = "ringPlans";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public RingPlanName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<RingPlanName> parse(String name) {
        Problems problems = Problems.root();
        Optional<RingPlanName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<RingPlanName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new RingPlanName(ids.getFirst()));
    }

    /** The full resource name, {@code ringPlans/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(RingPlanName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
