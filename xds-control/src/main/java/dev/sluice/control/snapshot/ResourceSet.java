package dev.sluice.control.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All resources of one type for one node. Immutable; equal hashes mean equal content.
 *
 * @param byName in the order of names
 * @param hash over names and versions, 16 hex digits
 */
public record ResourceSet(NavigableMap<String, Versioned> byName, String hash) {
    /** No resources. */
    public static final ResourceSet EMPTY = of(Map.of());

    public ResourceSet {
        byName = Collections.unmodifiableNavigableMap(new TreeMap<>(byName));
    }

    public static ResourceSet of(Collection<Versioned> resources) {
        TreeMap<String, Versioned> byName = new TreeMap<>();
        resources.forEach(resource -> byName.put(resource.name(), resource));
        return of(byName);
    }

    private static ResourceSet of(Map<String, Versioned> byName) {
        TreeMap<String, Versioned> sorted = new TreeMap<>(byName);
        StringBuilder content = new StringBuilder();
        sorted.values()
                .forEach(resource ->
                        content.append(resource.name())
                                .append('=')
                                .append(resource.version())
                                .append('\n'));
        return new ResourceSet(
                sorted, Versioned.hash(content.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
