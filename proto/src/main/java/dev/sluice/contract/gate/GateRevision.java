package dev.sluice.contract.gate;

import java.util.Comparator;

/**
 * Order of a gate's states: (epoch, number), compared in that order. Restoring a backup raises the
 * epoch; restoring an old revision mints a new number. Immutable.
 *
 * @param epoch 1..2^63-1
 * @param number 1..2^63-1; grows with every change within an epoch
 */
public record GateRevision(long epoch, long number) implements Comparable<GateRevision> {
    private static final Comparator<GateRevision> ORDER =
            Comparator.comparingLong(GateRevision::epoch).thenComparingLong(GateRevision::number);

    /**
     * @throws IllegalArgumentException when a part is below 1
     */
    public GateRevision {
        if (epoch < 1 || number < 1) {
            throw new IllegalArgumentException(
                    "revision " + epoch + "." + number + " (expected both parts 1..2^63-1)");
        }
    }

    /** Whether this came before {@code other}. */
    public boolean isBelow(GateRevision other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(GateRevision other) {
        return ORDER.compare(this, other);
    }

    /** {@code epoch.number}. */
    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
