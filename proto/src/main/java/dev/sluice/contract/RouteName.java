package dev.sluice.contract;

import java.util.Comparator;
import java.util.Optional;

/**
 * Name of a route of a service: {@code services/{service}/routes/{id}}. Immutable.
 *
 * @param service the service that it belongs to
 * @param id its last segment, of the shape of {@link ResourceId}
 */
public record RouteName(ServiceName service, String id) implements Comparable<RouteName> {
    private static final String COLLECTION = "routes";
    private static final Comparator<RouteName> ORDER =
            Comparator.comparing(RouteName::service).thenComparing(RouteName::id);

    /**
     * @throws IllegalArgumentException when the id has another shape
     */
    public RouteName {
        ResourceId.require(id);
    }

    /** Reads a full resource name; the problem of a bad one has no path. */
    public static Parsed<RouteName> parse(String name) {
        Problems problems = Problems.root();
        Optional<RouteName> parsed = parse(name, problems);
        return problems.finish(parsed::orElseThrow);
    }

    /** Reads a full resource name; empty, after one problem was added, when it is a bad one. */
    public static Optional<RouteName> parse(String name, Problems at) {
        return ResourceId.parse(name, at, "services", COLLECTION)
                .map(ids -> new RouteName(new ServiceName(ids.getFirst()), ids.getLast()));
    }

    /** The full resource name, {@code services/{service}/routes/{id}}. */
    public String name() {
        return service.name() + "/" + COLLECTION + "/" + id;
    }

    @Override
    public int compareTo(RouteName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }
}
