package dev.sluice.control.change.spec;

/**
 * What a node says of where it is and what it is for. Immutable; ordered by key.
 *
 * @param key such as {@code zone}; never empty
 */
public record NodeLabel(String key, String value) implements Comparable<NodeLabel> {
    @Override
    public int compareTo(NodeLabel other) {
        return key.compareTo(other.key);
    }
}
