package dev.sluice.control.catalog;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map whose every change makes a new map that shares all but a path with the old one: an
 * AVL tree (Adelson-Velsky and Landis, 1962). Reading and changing take O(log n), copying nothing.
 * Immutable; equal when the entries are.
 *
 * @param <K> key, in its natural order
 * @param <V> value
 */
public final class PersistentMap<K extends Comparable<K>, V> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null);

    private final @Nullable Tree<K, V> root; // null: no entries

    private PersistentMap(@Nullable Tree<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // without entries it is a map of any types
    public static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** A map of a tree that another map was: see {@link #root}. */
    public static <K extends Comparable<K>, V> PersistentMap<K, V> of(Optional<Tree<K, V>> root) {
        return root.map(tree -> new PersistentMap<K, V>(tree)).orElseGet(PersistentMap::empty);
    }

    /** The tree beneath, for those who keep maps with what they share; empty without entries. */
    public Optional<Tree<K, V>> root() {
        return Optional.ofNullable(root);
    }

    public int size() {
        return size(root);
    }

    public Optional<V> get(K key) {
        Tree<K, V> at = root;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return Optional.of(at.value);
            }
            at = order < 0 ? at.left : at.right;
        }
        return Optional.empty();
    }

    public boolean contains(K key) {
        return get(key).isPresent();
    }

    /** The same map, where {@code key} has {@code value}. */
    public PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(put(root, key, value));
    }

    /** The same map without {@code key}. */
    public PersistentMap<K, V> without(K key) {
        return contains(key) ? new PersistentMap<>(remove(root, key)) : this;
    }

    /** The values in the order of their keys; a view that costs nothing to make. */
    public Collection<V> values() {
        return new Values<>(root);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof PersistentMap<?, ?> that) || size() != that.size()) {
            return false;
        }
        Iterator<? extends Tree<?, ?>> mine = new Walk<>(root);
        Iterator<? extends Tree<?, ?>> others = new Walk<>(that.root);
        while (mine.hasNext()) {
            Tree<?, ?> a = mine.next();
            Tree<?, ?> b = others.next();
            if (!a.key.equals(b.key) || !a.value.equals(b.value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Iterator<Tree<K, V>> walk = new Walk<>(root); walk.hasNext(); ) {
            Tree<K, V> at = walk.next();
            hash = 31 * hash + Objects.hash(at.key, at.value);
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (Iterator<Tree<K, V>> walk = new Walk<>(root); walk.hasNext(); ) {
            Tree<K, V> at = walk.next();
            text.append(at.key).append('=').append(at.value).append(walk.hasNext() ? ", " : "");
        }
        return text.append('}').toString();
    }

    private static <K extends Comparable<K>, V> Tree<K, V> put(
            @Nullable Tree<K, V> at, K key, V value) {
        if (at == null) {
            return new Tree<>(key, value, null, null);
        }
        int order = key.compareTo(at.key);
        if (order == 0) {
            return new Tree<>(key, value, at.left, at.right);
        }
        return order < 0
                ? balanced(at, put(at.left, key, value), at.right)
                : balanced(at, at.left, put(at.right, key, value));
    }

    private static <K extends Comparable<K>, V> @Nullable Tree<K, V> remove(
            @Nullable Tree<K, V> at, K key) {
        if (at == null) {
            return null;
        }
        int order = key.compareTo(at.key);
        if (order < 0) {
            return balanced(at, remove(at.left, key), at.right);
        }
        if (order > 0) {
            return balanced(at, at.left, remove(at.right, key));
        }
        if (at.left == null || at.right == null) {
            return at.left == null ? at.right : at.left;
        }
        Tree<K, V> next = first(at.right);
        return balanced(next, at.left, remove(at.right, next.key));
    }

    private static <K extends Comparable<K>, V> Tree<K, V> first(Tree<K, V> tree) {
        Tree<K, V> at = tree;
        while (at.left != null) {
            at = at.left;
        }
        return at;
    }

    /** A tree of the entry of {@code of} and two trees whose heights differ by at most 2. */
    private static <K extends Comparable<K>, V> Tree<K, V> balanced(
            Tree<K, V> of, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
        if (left != null && height(left) > height(right) + 1) {
            Tree<K, V> inner = left.right;
            if (inner != null && height(inner) > height(left.left)) {
                return inner.over(left.over(left.left, inner.left), of.over(inner.right, right));
            }
            return left.over(left.left, of.over(inner, right));
        }
        if (right != null && height(right) > height(left) + 1) {
            Tree<K, V> inner = right.left;
            if (inner != null && height(inner) > height(right.right)) {
                return inner.over(of.over(left, inner.left), right.over(inner.right, right.right));
            }
            return right.over(of.over(left, inner), right.right);
        }
        return of.over(left, right);
    }

    private static int height(@Nullable Tree<?, ?> tree) {
        return tree == null ? 0 : tree.height;
    }

    private static int size(@Nullable Tree<?, ?> tree) {
        return tree == null ? 0 : tree.size;
    }

    /**
     * An entry with the smaller entries at its left and the greater ones at its right. Immutable;
     * equal to itself alone.
     */
    public static final class Tree<K extends Comparable<K>, V> {
        private final K key;
        private final V value;
        private final @Nullable Tree<K, V> left;
        private final @Nullable Tree<K, V> right;
        private final int height;
        private final int size;

        private Tree(K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = 1 + Math.max(PersistentMap.height(left), PersistentMap.height(right));
            this.size = 1 + PersistentMap.size(left) + PersistentMap.size(right);
        }

        /** An entry over trees that {@link #left()} and {@link #right()} of one like it gave. */
        public static <K extends Comparable<K>, V> Tree<K, V> of(
                K key, V value, Optional<Tree<K, V>> left, Optional<Tree<K, V>> right) {
            return new Tree<>(key, value, left.orElse(null), right.orElse(null));
        }

        public K key() {
            return key;
        }

        public V value() {
            return value;
        }

        public Optional<Tree<K, V>> left() {
            return Optional.ofNullable(left);
        }

        public Optional<Tree<K, V>> right() {
            return Optional.ofNullable(right);
        }

        /** Entries of it and of all below it. */
        int size() {
            return size;
        }

        private Tree<K, V> over(@Nullable Tree<K, V> newLeft, @Nullable Tree<K, V> newRight) {
            return new Tree<>(key, value, newLeft, newRight);
        }
    }

    /** The entries of a tree in order; the stack holds those that are still to come on the way. */
    private static final class Walk<K extends Comparable<K>, V> implements Iterator<Tree<K, V>> {
        private final Deque<Tree<K, V>> path = new ArrayDeque<>();

        Walk(@Nullable Tree<K, V> root) {
            descend(root);
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Tree<K, V> next() {
            Tree<K, V> next = path.poll();
            if (next == null) {
                throw new NoSuchElementException();
            }
            descend(next.right);
            return next;
        }

        private void descend(@Nullable Tree<K, V> from) {
            for (Tree<K, V> at = from; at != null; at = at.left) {
                path.push(at);
            }
        }
    }

    private static final class Values<K extends Comparable<K>, V> extends AbstractCollection<V> {
        private final @Nullable Tree<K, V> root;

        Values(@Nullable Tree<K, V> root) {
            this.root = root;
        }

        @Override
        public Iterator<V> iterator() {
            Iterator<Tree<K, V>> walk = new Walk<>(root);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return walk.hasNext();
                }

                @Override
                public V next() {
                    return walk.next().value;
                }
            };
        }

        @Override
        public int size() {
            return PersistentMap.size(root);
        }
    }
}
