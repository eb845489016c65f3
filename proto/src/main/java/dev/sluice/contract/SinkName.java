package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a sink: {@code sinks/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record SinkName(String id) implements Comparable<SinkName> {
    private static final String COLLECTION = "sinks";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public SinkName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<SinkName> parse(String name) {
        Problems problems = Problems.root();
        Optional<SinkName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<SinkName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new SinkName(ids.getFirst()));
    }

    /** The full resource name, {@code sinks/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(SinkName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
