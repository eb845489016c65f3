package dev.sluice.contract;

import java.util.Optional;

/**
 * Name of a fault of a process: {@code processFaults/{id}}. Immutable.
 *
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record ProcessFaultName(String id) {
    private static final String COLLECTION = "processFaults";

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public ProcessFaultName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<ProcessFaultName> parse(String name) {
        Problems problems = Problems.root();
        Optional<ProcessFaultName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<ProcessFaultName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, COLLECTION)
                .map(ids -> new ProcessFaultName(ids.getFirst()));
    }

    /** The full resource name, {@code processFaults/{id}}. */
    public String name() {
        return COLLECTION + "/" + id;
    }

    @Override
    public String toString() {
        return name();
    }
}
