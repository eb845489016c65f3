package dev.sluice.control.catalog.image;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Values on their way into an image. A value that is written again becomes a reference to the first
 * time: the same object always, and an equal one of a type where that pays. Owned by one writing.
 */
final class ImageOutput {
    /** So many values of a type without their like, and equal ones are no longer looked for. */
    private static final int TRIALS = 1_000;

    private static final int LEAST_GAIN = 8;

    private final DataOutputStream out;
    private final IdentityHashMap<Object, Integer> same = new IdentityHashMap<>();
    private final Map<Object, Integer> equal = new HashMap<>();
    private final IdentityHashMap<Shape, Gain> gains = new IdentityHashMap<>();
    private int written;

    ImageOutput(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /** Writes a value that only the same object stands for again. */
    void putSame(Object value, Shape shape) throws IOException {
        Integer before = same.get(value);
        if (before == null) {
            putNew(value, shape);
        } else {
            putNumber(before + 1);
        }
    }

    /** Writes a value that an equal one stands for again. */
    void putEqual(Object value, Shape shape) throws IOException {
        Integer before = same.get(value);
        Gain gain = gains.computeIfAbsent(shape, _ -> new Gain());
        if (before == null && gain.isWorthwhile()) {
            before = equal.get(value);
            gain.count(before != null);
        }
        if (before != null) {
            putNumber(before + 1);
            return;
        }
        int number = putNew(value, shape);
        if (gain.isWorthwhile()) {
            equal.put(value, number);
        }
    }

    private int putNew(Object value, Shape shape) throws IOException {
        putNumber(0);
        shape.write(value, this);
        int number = written++;
        same.put(value, number);
        return number;
    }

    /** Small numbers of either sign take few bytes. */
    void putNumber(long number) throws IOException {
        long left = (number << 1) ^ (number >> 63);
        while ((left & ~0x7fL) != 0) {
            out.writeByte((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    void putBytes(byte[] bytes) throws IOException {
        putNumber(bytes.length);
        out.write(bytes);
    }

    void putDouble(double number) throws IOException {
        out.writeDouble(number);
    }

    /** Whether values of a type have their like often enough to be looked for. */
    private static final class Gain {
        private int misses;
        private int hits;

        boolean isWorthwhile() {
            return misses < TRIALS || hits > misses / LEAST_GAIN;
        }

        void count(boolean hit) {
            if (hit) {
                hits++;
            } else {
                misses++;
            }
        }
    }
}
