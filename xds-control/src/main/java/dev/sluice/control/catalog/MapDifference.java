package dev.sluice.control.catalog;

import dev.sluice.control.catalog.PersistentMap.Tree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is other in one map than in one that it was made of. What both share is passed over, so it
 * takes about as long as there are changes, not entries. For one comparison.
 */
final class MapDifference<K extends Comparable<K>, V> {
    private final Side<K, V> before;
    private final Side<K, V> after;
    private final List<Pair<V>> found = new ArrayList<>();

    private MapDifference(PersistentMap<K, V> before, PersistentMap<K, V> after) {
        this.before = new Side<>(before);
        this.after = new Side<>(after);
    }

    /** The value of one key before and after; empty where there was none. */
    record Pair<V>(Optional<V> before, Optional<V> after) {}

    /** Keys with another value, in their order. */
    static <K extends Comparable<K>, V> List<Pair<V>> of(
            PersistentMap<K, V> before, PersistentMap<K, V> after) {
        return new MapDifference<>(before, after).find();
    }

    private List<Pair<V>> find() {
        while (!before.isAtEnd() || !after.isAtEnd()) {
            if (before.whole() > 0 && before.sharesNextWith(after)) {
                before.skip();
                after.skip();
            } else if (before.whole() > 0 && before.whole() >= after.whole()) {
                before.open();
            } else if (after.whole() > 0) {
                after.open();
            } else {
                compare();
            }
        }
        return found;
    }

    /** The next of both sides are single entries, or one side has come to its end. */
    private void compare() {
        int order = before.isAtEnd() ? 1 : after.isAtEnd() ? -1 : before.compareTo(after);
        Optional<V> old = order <= 0 ? Optional.of(before.take()) : Optional.empty();
        Optional<V> now = order >= 0 ? Optional.of(after.take()) : Optional.empty();
        if (!old.equals(now)) {
            found.add(new Pair<>(old, now));
        }
    }

    /** A tree with all below it, or its own entry alone. */
    private record Part<K extends Comparable<K>, V>(Tree<K, V> tree, boolean isWhole) {}

    /** What is still to come of one map, in order. */
    private static final class Side<K extends Comparable<K>, V> {
        private final Deque<Part<K, V>> parts = new ArrayDeque<>();

        Side(PersistentMap<K, V> map) {
            map.root().ifPresent(this::pushWhole);
        }

        boolean isAtEnd() {
            return parts.isEmpty();
        }

        /** Entries of the tree that comes next; 0 when it is a single entry, or none. */
        int whole() {
            return isAtEnd() || !parts.getFirst().isWhole() ? 0 : parts.getFirst().tree().size();
        }

        boolean sharesNextWith(Side<K, V> other) {
            return other.whole() > 0 && parts.getFirst().tree() == other.parts.getFirst().tree();
        }

        void skip() {
            parts.removeFirst();
        }

        /** Takes the next tree apart. */
        void open() {
            Tree<K, V> tree = parts.removeFirst().tree();
            tree.right().ifPresent(this::pushWhole);
            parts.addFirst(new Part<>(tree, false));
            tree.left().ifPresent(this::pushWhole);
        }

        int compareTo(Side<K, V> other) {
            return parts.getFirst().tree().key().compareTo(other.parts.getFirst().tree().key());
        }

        V take() {
            return parts.removeFirst().tree().value();
        }

        private void pushWhole(Tree<K, V> tree) {
            parts.addFirst(new Part<>(tree, true));
        }
    }
}
