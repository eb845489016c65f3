package dev.sluice.proxy.balance;

import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Gives turns to items, each as often as its weight says and spread evenly: the item with the
 * earliest deadline is next, and its new deadline is later by the inverse of its weight. Weights
 * are read anew at each turn, so that they may change. Starts after a random number of turns, so
 * that loops and proxies do not all begin with the same item. Loop-owned.
 */
final class EdfSchedule {
    private static final double LEAST_WEIGHT = 1e-9;

    private final IntToDoubleFunction weights;
    private final double[] deadlines;

    /** Among equal deadlines the one that has waited longest is first. */
    private final long[] order;

    /** Items, the earliest first: a binary heap. */
    private final int[] heap;

    private long turns;

    /**
     * @param items 1..
     */
    EdfSchedule(int items, IntToDoubleFunction weights, RandomGenerator random) {
        this.weights = weights;
        deadlines = new double[items];
        order = new long[items];
        heap = new int[items];
        for (int i = 0; i < items; i++) {
            heap[i] = i;
            postpone(i, 0);
        }
        for (int i = items / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        for (int skipped = random.nextInt(items); skipped > 0; skipped--) {
            next();
        }
    }

    /** The item whose turn it is. */
    int next() {
        int item = heap[0];
        postpone(item, deadlines[item]);
        sink(0);
        return item;
    }

    private void postpone(int item, double from) {
        deadlines[item] = from + 1 / Math.max(LEAST_WEIGHT, weights.applyAsDouble(item));
        order[item] = turns++;
    }

    private void sink(int from) {
        int at = from;
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
                least = isBefore(heap[child], heap[least]) ? child : least;
            }
            if (least == at) {
                return;
            }
            int moved = heap[at];
            heap[at] = heap[least];
            heap[least] = moved;
            at = least;
        }
    }

    private boolean isBefore(int a, int b) {
        return deadlines[a] < deadlines[b] || (deadlines[a] == deadlines[b] && order[a] < order[b]);
    }
}
