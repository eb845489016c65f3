package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a service: {@code services/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record ServiceName(String id) implements Comparable<ServiceName> {
    private static final String COLLECTION = "services";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public ServiceName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<ServiceName> parse(String name) {
        Problems problems = Problems.root();
        Optional<ServiceName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<ServiceName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new ServiceName(ids.getFirst()));
    }

    /** The full resource name, {@code services/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(ServiceName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
