package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a ramp: {@code ramps/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record RampName(String id) implements Comparable<RampName> {
    private static final String COLLECTION = "ramps";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public RampName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<RampName> parse(String name) {
        Problems problems = Problems.root();
        Optional<RampName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<RampName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new RampName(ids.getFirst()));
    }

    /** The full resource name, {@code ramps/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(RampName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
