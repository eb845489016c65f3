package dev.sluice.control.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
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
    public static final ResourceSet EMPTY = of(List.of());

    public ResourceSet {
        byName = Collections.unmodifiableNavigableMap(new TreeMap<>(byName));
    }

    public static ResourceSet of(Collection<Versioned> resources) {
        NavigableMap<String, Versioned> byName = new TreeMap<>();
        resources.forEach(resource -> byName.put(resource.name(), resource));
        StringBuilder content = new StringBuilder();
        byName.values()
                .forEach(resource ->
                        content.append(resource.name())
                                .append('=')
                                .append(resource.version())
                                .append('\n'));
        return new ResourceSet(
                byName, Versioned.hash(content.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The set of these resources, which is this one when they are the same objects: most nodes have
     * nothing else than what all of their kind have, and its hash is known.
     *
     * @param resources in the order of names, or it is another set
     */
    public ResourceSet with(Collection<Versioned> resources) {
        return isOf(resources) ? this : of(resources);
    }

    @SuppressWarnings("ReferenceEquality") // of what was rendered once for all nodes
    private boolean isOf(Collection<Versioned> resources) {
        Iterator<Versioned> own = byName.values().iterator();
        return resources.size() == byName.size()
                && resources.stream().allMatch(resource -> resource == own.next());
    }
}
