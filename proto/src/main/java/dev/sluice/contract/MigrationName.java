package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a migration: {@code migrations/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record MigrationName(String id) implements Comparable<MigrationName> {
    private static final String COLLECTION = "migrations";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public MigrationName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<MigrationName> parse(String name) {
        Problems problems = Problems.root();
        Optional<MigrationName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<MigrationName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new MigrationName(ids.getFirst()));
    }

    /** The full resource name, {@code migrations/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(MigrationName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
