package dev.sluice.control.evidence;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Distinct keys by cell of a hash that is independent of the gate's bucket. Immutable. Source:
 * evidence.proto, {@code key_cells}.
 */
public final class KeyCells {
    /** How many cells there are. */
    public static final int CELLS = 256;

    public static final KeyCells NONE = new KeyCells(new long[CELLS]);

    private final long[] counts;

    private KeyCells(long[] counts) {
        this.counts = counts;
    }

    /**
     * From the counters of a report.
     *
     * @param counts none at all, or one for each cell, not negative
     * @throws IllegalArgumentException otherwise
     */
    public static KeyCells of(long... counts) {
        if (counts.length == 0) {
            return NONE;
        }
        if (counts.length != CELLS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    counts.length + " cells (expected none or " + CELLS + ", not negative)");
        }
        return new KeyCells(counts.clone());
    }

    /** For keys that are not the same: those of several operations of one node. */
    public KeyCells plus(KeyCells other) {
        long[] sum = counts.clone();
        for (int i = 0; i < CELLS; i++) {
            sum[i] += other.counts[i];
        }
        return new KeyCells(sum);
    }

    /** For keys that may be the same: a lower bound of the distinct keys of several nodes. */
    public KeyCells max(KeyCells other) {
        long[] most = counts.clone();
        for (int i = 0; i < CELLS; i++) {
            most[i] = Math.max(most[i], other.counts[i]);
        }
        return new KeyCells(most);
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyCells that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }
}
