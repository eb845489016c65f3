package dev.sluice.control.change.spec;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people read about a resource; it decides nothing. Immutable.
 *
 * @param displayName 0..128 characters
 * @param owner team or person that answers for it, 0..128 characters
 * @param labels at most 64; keys and values 1..63 characters; iterated in key order
 */
public record Description(String displayName, String owner, Map<String, String> labels) {
    /** Nothing said. */
    public static final Description NONE = new Description("", "", Map.of());

    public Description {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        labels = Collections.unmodifiableSortedMap(sorted);
    }
}
