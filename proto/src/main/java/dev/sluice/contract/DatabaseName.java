package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a database: {@code databases/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record DatabaseName(String id) implements Comparable<DatabaseName> {
    private static final String COLLECTION = "databases";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public DatabaseName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<DatabaseName> parse(String name) {
        Problems problems = Problems.root();
        Optional<DatabaseName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<DatabaseName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new DatabaseName(ids.getFirst()));
    }

    /** The full resource name, {@code databases/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(DatabaseName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
