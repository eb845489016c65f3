package dev.sluice.proxy.telemetry;

import java.util.Arrays;

/**
 * A set of 64-bit hashes with a bound: open addressing in one array that doubles up to it. Owned by
 * whoever holds the lock of its entry.
 */
final class HashSet64 {
    private static final int FIRST_CAPACITY = 64;

    private final int bound;
    private long[] slots = new long[FIRST_CAPACITY];
    private int size;
    private boolean hasZero;

    /** What became of a hash that was offered. */
    enum Offer {
        ADDED,
        KNOWN,
        /** The set is full, and the hash may or may not have come before. */
        FULL
    }

    /**
     * @param bound most hashes, 1..2^29
     */
    HashSet64(int bound) {
        this.bound = bound;
    }

    Offer offer(long hash) {
        if (contains(hash)) {
            return Offer.KNOWN;
        }
        if (size >= bound) {
            return Offer.FULL;
        }
        size++;
        if (hash == 0) {
            hasZero = true;
            return Offer.ADDED;
        }
        if (2 * size > slots.length) {
            grow();
        }
        slots[free(hash)] = hash;
        return Offer.ADDED;
    }

    int size() {
        return size;
    }

    /** All hashes, ascending as signed numbers. */
    long[] toArray() {
        long[] all = new long[size];
        int at = hasZero ? 1 : 0;
        for (long hash : slots) {
            if (hash != 0) {
                all[at++] = hash;
            }
        }
        Arrays.sort(all);
        return all;
    }

    private boolean contains(long hash) {
        return hash == 0 ? hasZero : slots[free(hash)] == hash;
    }

    /** The slot of the hash, or the free one where it would go. */
    private int free(long hash) {
        int mask = slots.length - 1;
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (slots[at] != 0 && slots[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        for (long hash : old) {
            if (hash != 0) {
                slots[free(hash)] = hash;
            }
        }
    }
}
