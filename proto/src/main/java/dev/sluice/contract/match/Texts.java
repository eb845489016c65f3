package dev.sluice.contract.match;

/** Searching in wire texts without copying them. Stateless. */
public final class Texts {
    private Texts() {}

    /** Position of the first {@code c} at or after {@code from}; the length when there is none. */
    public static int indexOf(CharSequence text, char c, int from) {
        return indexOf(text, c, from, text.length());
    }

    /** Position of the first {@code c} in [{@code from}, {@code to}); {@code to} without one. */
    public static int indexOf(CharSequence text, char c, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == c) {
                return i;
            }
        }
        return to;
    }

    /** The text without leading and trailing blanks and tabs (RFC 9110 OWS). */
    public static CharSequence trim(CharSequence text) {
        return trim(text, 0, text.length());
    }

    /** The part [{@code from}, {@code to}) without leading and trailing blanks and tabs. */
    public static CharSequence trim(CharSequence text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return start == 0 && end == text.length() ? text : text.subSequence(start, end);
    }

    /** Copies the bytes of a wire text; there is room for them. */
    @SuppressWarnings("deprecation") // the low byte of each char is what a wire text means
    public static void copy(CharSequence text, byte[] target, int at) {
        if (text instanceof String string) {
            string.getBytes(0, string.length(), target, at); // one copy of memory
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            target[at + i] = (byte) text.charAt(i);
        }
    }

    /**
     * Whether the part [{@code from}, {@code to}) without blanks at its ends is {@code expected}.
     */
    static boolean trimmedEquals(CharSequence text, int from, int to, String expected) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return end - start == expected.length() && regionEquals(text, start, expected);
    }

    /** Whether {@code expected} stands at {@code from}; the text is long enough. */
    static boolean regionEquals(CharSequence text, int from, String expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (text.charAt(from + i) != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
