package dev.sluice.contract.match;

/** Reads whole numbers of the wire. Stateless. */
final class Integers {
    private static final int LONGEST = 20;

    private Integers() {}

    /** Whether the whole value is a base 10 integer of 64 bits in [{@code start}, {@code end}). */
    static boolean isIn(CharSequence value, long start, long end) {
        int length = value.length();
        if (length == 0 || length > LONGEST) {
            return false;
        }
        for (int i = isSign(value.charAt(0)) ? 1 : 0; i < length; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        try {
            long number = Long.parseLong(value, 0, length, 10);
            return number >= start && number < end;
        } catch (NumberFormatException overOrSignOnly) {
            return false;
        }
    }

    private static boolean isSign(char c) {
        return c == '-' || c == '+';
    }
}
