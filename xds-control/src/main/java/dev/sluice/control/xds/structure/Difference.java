package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a node lacks. Immutable.
 *
 * @param changed names of what is new for it
 * @param removed names of what goes
 */
record Difference(Set<String> changed, Set<String> removed) {
    boolean isEmpty() {
        return changed.isEmpty() && removed.isEmpty();
    }

    /** Versions by name of some of a set. */
    static Map<String, String> versions(ResourceSet set, Set<String> names) {
        Map<String, String> versions = new TreeMap<>();
        set.byName()
                .forEach((name, resource) -> {
                    if (names.contains(name)) {
                        versions.put(name, resource.version());
                    }
                });
        return versions;
    }
}
