package dev.sluice.proxy.xds;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.RouteSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The last good resources of every kind. An answer is taken whole or not at all: one resource that can't be read leaves
 * everything of its answer as it was. Owned by the configuration thread.
 */
final class ResourceBook {
    private final Map<ResourceKind, TreeMap<String, Accepted>> books = new EnumMap<>(ResourceKind.class);

    ResourceBook() {
        for (ResourceKind kind : ResourceKind.values()) {
            books.put(kind, new TreeMap<>());
        }
    }

    /**
     * Takes a state-of-the-world answer. Of wildcard kinds, what is left out is gone.
     *
     * @return every problem; none: it was taken
     */
    List<Problem> whole(ResourceKind kind, Collection<Received> resources) {
        TreeMap<String, Accepted> read = new TreeMap<>();
        List<Problem> problems = read(kind, resources, read);
        if (problems.isEmpty()) {
            if (kind.isWildcard()) {
                books.get(kind).clear();
            }
            books.get(kind).putAll(read);
            forgetUnwanted();
        }
        return problems;
    }

    /**
     * Takes a delta answer.
     *
     * @return every problem; none: it was taken
     */
    List<Problem> delta(ResourceKind kind, Collection<Received> changed, Collection<String> removed) {
        TreeMap<String, Accepted> read = new TreeMap<>();
        List<Problem> problems = read(kind, changed, read);
        if (problems.isEmpty()) {
            removed.forEach(books.get(kind)::remove);
            books.get(kind).putAll(read);
            forgetUnwanted();
        }
        return problems;
    }

    private static List<Problem> read(
            ResourceKind kind, Collection<Received> resources, Map<String, Accepted> into) {
        List<Problem> problems = new ArrayList<>();
        for (Received received : resources) {
            switch (ResourceReader.read(kind, received)) {
                case Parsed.Ok<Accepted>(Accepted accepted) -> {
                    if (into.put(accepted.name(), accepted) != null) {
                        problems.add(new Problem(
                                accepted.name(), "twice in one answer", "each name once", "send one of them"));
                    }
                }
                case Parsed.Refused<Accepted> refused -> problems.addAll(refused.problems());
            }
        }
        return problems;
    }

    /** Names that are asked for, of kinds that must be asked for. */
    Set<String> wanted(ResourceKind kind) {
        Set<String> names = new TreeSet<>();
        switch (kind) {
            case ENDPOINTS ->
                books.get(ResourceKind.CLUSTER).values().forEach(cluster -> {
                    if (cluster instanceof Accepted.OfCluster found) {
                        found.endpoints().ifPresent(names::add);
                    }
                });
            case ROUTES ->
                books.get(ResourceKind.LISTENER).values().forEach(listener -> {
                    if (listener instanceof Accepted.OfListener found) {
                        found.resource().spec().chains().forEach(chain -> {
                            if (chain.filter() instanceof HttpConnectionManagerSpec http
                                    && http.routes() instanceof RouteSource.Rds(String name)) {
                                names.add(name);
                            }
                        });
                    }
                });
            case CLUSTER, LISTENER -> {}
        }
        return names;
    }

    private void forgetUnwanted() {
        for (ResourceKind kind : List.of(ResourceKind.ENDPOINTS, ResourceKind.ROUTES)) {
            books.get(kind).keySet().retainAll(wanted(kind));
        }
    }

    /** What is held of a kind, by name. */
    Map<String, Accepted> of(ResourceKind kind) {
        return Collections.unmodifiableMap(books.get(kind));
    }

    /** Versions held of a kind, for a reconnect. */
    Map<String, String> versions(ResourceKind kind) {
        Map<String, String> versions = new TreeMap<>();
        books.get(kind).forEach((name, accepted) -> versions.put(name, accepted.received().version()));
        return versions;
    }
}
