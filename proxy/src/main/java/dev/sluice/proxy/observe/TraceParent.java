package dev.sluice.proxy.observe;

import java.util.Optional;

/**
 * What a {@code traceparent} header says (W3C Trace Context section 3.2). Immutable.
 *
 * @param high first 64 bits of the trace id
 * @param low last 64 bits; both together are never zero
 * @param span id of the parent; never zero
 * @param sampled whether the parent's span is kept
 */
public record TraceParent(long high, long low, long span, boolean sampled) {
    public static final String HEADER = "traceparent";

    private static final int VERSION_00_LENGTH = 55;
    private static final int SAMPLED = 1;

    /**
     * Reads {@code version-traceid-parentid-flags}; later versions may have more after a hyphen.
     * Empty for a malformed header.
     */
    public static Optional<TraceParent> parse(CharSequence header) {
        if (header.length() < VERSION_00_LENGTH || !isWellFormed(header)) {
            return Optional.empty();
        }
        long high = hex(header, 3, 16);
        long low = hex(header, 19, 16);
        long span = hex(header, 36, 16);
        boolean sampled = (hex(header, 53, 2) & SAMPLED) != 0;
        return span != 0 && (high != 0 || low != 0)
                ? Optional.of(new TraceParent(high, low, span, sampled))
                : Optional.empty();
    }

    private static boolean isWellFormed(CharSequence header) {
        for (int i = 0; i < VERSION_00_LENGTH; i++) {
            char c = header.charAt(i);
            boolean hyphen = i == 2 || i == 35 || i == 52;
            if (hyphen ? c != '-' : !isLowerHex(c)) {
                return false;
            }
        }
        boolean first = header.charAt(0) == '0' && header.charAt(1) == '0';
        boolean forbidden = header.charAt(0) == 'f' && header.charAt(1) == 'f';
        boolean ends = header.length() == VERSION_00_LENGTH;
        return !forbidden && (ends || (!first && header.charAt(VERSION_00_LENGTH) == '-'));
    }

    private static boolean isLowerHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    private static long hex(CharSequence text, int start, int digits) {
        long value = 0;
        for (int i = start; i < start + digits; i++) {
            value = value << 4 | Character.digit(text.charAt(i), 16);
        }
        return value;
    }
}
