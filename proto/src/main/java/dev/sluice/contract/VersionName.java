package dev.sluice.contract;

import java.util.Comparator;
import java.util.Optional;

/**
 * Name of a version of a service: {@code services/{service}/versions/{id}}. Immutable.
 *
 * @param service the service that it belongs to
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record VersionName(ServiceName service, String id) implements Comparable<VersionName> {
    private static final String COLLECTION = "versions";
    private static final Comparator<VersionName> ORDER =
            Comparator.comparing(VersionName::service).thenComparing(VersionName::id);

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public VersionName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<VersionName> parse(String name) {
        Problems problems = Problems.root();
        Optional<VersionName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<VersionName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, "services", COLLECTION)
                .map(ids -> new VersionName(new ServiceName(ids.getFirst()), ids.getLast()));
    }

    /** The full resource name, {@code services/{service}/versions/{id}}. */
    public String name() {
        return service.name() + "/" + COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(VersionName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }
}
