package dev.sluice.contract;

/**
 * A part of a whole in millionths, as shares of the key space are counted; people see percent.
 * Immutable.
 *
 * @param value 0..1,000,000
 */
public record PartsPerMillion(int value) implements Comparable<PartsPerMillion> {
    /** How many parts the whole has. */
    public static final int WHOLE = 1_000_000;

    public static final PartsPerMillion NONE = new PartsPerMillion(0);
    public static final PartsPerMillion ALL = new PartsPerMillion(WHOLE);

    private static final int PER_PERCENT = WHOLE / 100;

    /**
     * @throws IllegalArgumentException outside 0..1,000,000
     */
    public PartsPerMillion {
        if (value < 0 || value > WHOLE) {
            throw new IllegalArgumentException(
                    "share " + value + " (expected 0..1,000,000 parts per million)");
        }
    }

    /**
     * Reads an unsigned 32-bit field of the contract; one problem at {@code at} when over range.
     */
    public static PartsPerMillion parse(int unsigned, Problems at) {
        long value = Integer.toUnsignedLong(unsigned);
        if (value > WHOLE) {
            at.add(
                    Long.toString(value),
                    "0..1,000,000 parts per million",
                    "give the share in parts per million; 25 % is 250000");
            return NONE;
        }
        return new PartsPerMillion((int) value);
    }

    public boolean isNone() {
        return value == 0;
    }

    public boolean isAll() {
        return value == WHOLE;
    }

    /** Whether a bucket (0..999,999) is in this share of the key space. */
    public boolean contains(int bucket) {
        return bucket < value;
    }

    /** For people: {@code 25 %}, {@code 0.5 %}, {@code 12.3456 %}. */
    public String percent() {
        int whole = value / PER_PERCENT;
        int rest = value % PER_PERCENT;
        if (rest == 0) {
            return whole + " %";
        }
        String digits = Integer.toString(PER_PERCENT + rest).substring(1);
        return whole + "." + digits.replaceFirst("0+$", "") + " %";
    }

    @Override
    public int compareTo(PartsPerMillion other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return percent();
    }
}
