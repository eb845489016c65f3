package dev.sluice.proxy.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Positions by the text that a path must start with. A path is hashed character by character; where
 * a known text may end, the hash so far is looked up, so that one walk meets all its texts without
 * making a substring. Equal hashes of different texts only cost a check. Immutable.
 */
final class PathIndex {
    private static final int[] NONE = {};

    /** Whether a text of this length (the position) is known. */
    private final boolean[] lengths;

    private final int mask;
    private final int[] hashes;
    private final int[][] positions;

    private PathIndex(Map<Integer, List<Integer>> byHash, int longest) {
        lengths = new boolean[longest + 1];
        int capacity = Math.max(2, Integer.highestOneBit(byHash.size() + 1) * 4);
        mask = capacity - 1;
        hashes = new int[capacity];
        positions = new int[capacity][];
        byHash.forEach((hash, found) -> {
            int slot = slot(hash);
            hashes[slot] = hash;
            positions[slot] = found.stream().mapToInt(Integer::intValue).toArray();
        });
    }

    /**
     * The lowest position below {@code limit} that {@code path} leads to and that {@code accepts}
     * accepts; {@code limit} when there is none.
     */
    int first(CharSequence path, int limit, IntPredicate accepts) {
        int best = limit;
        int hash = 0;
        int end = Math.min(path.length(), lengths.length - 1);
        for (int i = 0; i < end; i++) {
            hash = 31 * hash + path.charAt(i);
            if (lengths[i + 1]) {
                best = firstOf(candidates(hash), best, accepts);
            }
        }
        return best;
    }

    private static int firstOf(int[] ascending, int limit, IntPredicate accepts) {
        for (int position : ascending) {
            if (position >= limit) {
                return limit;
            }
            if (accepts.test(position)) {
                return position;
            }
        }
        return limit;
    }

    private int[] candidates(int hash) {
        int slot = slot(hash);
        return positions[slot] == null ? NONE : positions[slot];
    }

    /** Where a hash stands, or would stand (linear probing; at most half of the slots are full). */
    private int slot(int hash) {
        int slot = (hash ^ (hash >>> 16)) & mask;
        while (positions[slot] != null && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Collects texts; positions must ascend. For one thread. */
    static final class Builder {
        private final Map<Integer, List<Integer>> byHash = new HashMap<>();
        private final List<Integer> found = new ArrayList<>();
        private int longest;

        void add(String text, int position) {
            byHash.computeIfAbsent(text.hashCode(), h -> new ArrayList<>()).add(position);
            found.add(text.length());
            longest = Math.max(longest, text.length());
        }

        PathIndex build() {
            PathIndex index = new PathIndex(byHash, longest);
            found.forEach(length -> index.lengths[length] = true);
            return index;
        }
    }
}
