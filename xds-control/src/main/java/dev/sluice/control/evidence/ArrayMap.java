package dev.sluice.control.evidence;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A map in two arrays, in the order of its keys: the smallest there is, looked up by halving. One
 * with other values of the same keys shares those, so that making it copies one array and comparing
 * the two walks over it. Immutable.
 *
 * @param <K> key, in its natural order
 * @param <V> value
 */
final class ArrayMap<K extends Comparable<K>, V> extends AbstractMap<K, V> {
    private final List<K> keys;
    private final Object[] values;

    private ArrayMap(List<K> keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    static <K extends Comparable<K>, V> ArrayMap<K, V> of(Map<K, V> entries) {
        Map<K, V> sorted = new TreeMap<>(entries);
        return new ArrayMap<>(List.copyOf(sorted.keySet()), sorted.values().toArray());
    }

    /** The same where some keys have these values and others are gone. */
    ArrayMap<K, V> next(Map<K, V> changed, Set<K> gone) {
        Object[] next = values.clone();
        boolean isSameKeys = gone.isEmpty();
        for (Entry<K, V> change : changed.entrySet()) {
            int place = place(change.getKey());
            isSameKeys &= place >= 0;
            if (isSameKeys) {
                next[place] = change.getValue();
            }
        }
        if (isSameKeys) {
            return new ArrayMap<>(keys, next);
        }
        Map<K, V> all = new TreeMap<>(this);
        all.keySet().removeAll(gone);
        all.putAll(changed);
        return of(all);
    }

    /** Keys whose values are others there, or that one of the two does not have. */
    @SuppressWarnings("ReferenceEquality") // shared keys are the very list
    Set<K> differing(ArrayMap<K, V> other) {
        Set<K> all = new HashSet<>();
        if (keys == other.keys) {
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                Object others = other.values[i];
                if (value != others && !value.equals(others)) { // as a rule the very object
                    all.add(keys.get(i));
                }
            }
            return all;
        }
        keys.stream().filter(key -> !isAlike(other, key)).forEach(all::add);
        other.keys.stream().filter(key -> !containsKey(key)).forEach(all::add);
        return all;
    }

    private boolean isAlike(ArrayMap<K, V> other, K key) {
        V value = other.get(key);
        return value != null && value.equals(get(key));
    }

    /** Index of a key; negative when it is not there. */
    private int place(K key) {
        return Collections.binarySearch(keys, key);
    }

    @SuppressWarnings("unchecked") // what is put in is of the type
    private V value(int place) {
        return (V) values[place];
    }

    @Override
    @SuppressWarnings("unchecked") // another type than that of keys is an error of the caller
    public @Nullable V get(@Nullable Object key) {
        int place = key == null ? -1 : place((K) key);
        return place < 0 ? null : value(place);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return IntStream.range(0, values.length)
                        .mapToObj(i -> Map.entry(keys.get(i), value(i)))
                        .iterator();
            }

            @Override
            public int size() {
                return values.length;
            }
        };
    }
}
