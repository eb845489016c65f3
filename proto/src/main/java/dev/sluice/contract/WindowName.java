package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a window: {@code windows/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record WindowName(String id) implements Comparable<WindowName> {
    private static final String COLLECTION = "windows";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public WindowName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<WindowName> parse(String name) {
        Problems problems = Problems.root();
        Optional<WindowName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<WindowName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION).map(ids -> new WindowName(ids.getFirst()));
    }

    /** The full resource name, {@code windows/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(WindowName other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name();
    }
}
