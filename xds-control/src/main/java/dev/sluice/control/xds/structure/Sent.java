package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.Versioned;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A response that the node has not answered. Immutable.
 *
 * @param nonce empty until the response is handed to the node
 * @param seq place of the log of the target that it is of
 * @param version of the type
 * @param resources by name
 * @param news names of the resources that the node did not have so
 * @param removed names of what is gone
 * @param extent what of the type it speaks of
 */
record Sent(
        String nonce,
        long seq,
        String version,
        Map<String, Versioned> resources,
        Set<String> news,
        Set<String> removed,
        Extent extent) {
    Sent {
        resources = Map.copyOf(resources);
        news = Set.copyOf(news);
        removed = Set.copyOf(removed);
    }

    /** What of its type a response speaks of. */
    enum Extent {
        /** What it does not name stays. */
        NAMED,
        /** What it does not name is gone. */
        EVERYTHING
    }

    /**
     * A set in which some resources stay as they were.
     *
     * @param names of those that stay
     * @param last what the node has; of a name that it does not have nothing is said
     */
    static ResourceSet heldBack(ResourceSet set, Set<String> names, Map<String, Versioned> last) {
        Map<String, Versioned> all = new TreeMap<>(set.byName());
        all.keySet().removeAll(names);
        names.stream()
                .filter(name -> set.byName().containsKey(name) && last.containsKey(name))
                .forEach(name -> all.put(name, last.get(name)));
        return set.with(all.values());
    }

    boolean isEverything() {
        return extent == Extent.EVERYTHING;
    }

    Sent with(String handedNonce) {
        return new Sent(handedNonce, seq, version, resources, news, removed, extent);
    }

    /** As if it had not brought these names. */
    Sent without(Set<String> names) {
        Map<String, Versioned> rest = new TreeMap<>(resources);
        rest.keySet().removeAll(names);
        return new Sent(nonce, seq, version, rest, kept(news, names), kept(removed, names), extent);
    }

    private static Set<String> kept(Set<String> all, Set<String> without) {
        return all.stream().filter(name -> !without.contains(name)).collect(Collectors.toSet());
    }

    /** Versions by name of what the node did not have so. */
    Map<String, String> newVersions() {
        return resources.values().stream()
                .filter(resource -> news.contains(resource.name()))
                .collect(Collectors.toMap(Versioned::name, Versioned::version));
    }

    /** Whether both bring the same. */
    boolean sameContent(Sent other) {
        return resources.equals(other.resources) && removed.equals(other.removed);
    }
}
