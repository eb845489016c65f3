package dev.sluice.proxy.gate;

import java.util.Optional;

/**
 * The trace that a request belongs to, of its {@code traceparent} header (W3C Trace Context §3.2).
 * Immutable.
 *
 * @param high first 64 bits
 * @param low last 64 bits; both together are never zero
 */
record TraceId(long high, long low) {
    static final String HEADER = "traceparent";

    private static final int VERSION_00_LENGTH = 55;

    /** The trace of a request; empty without a header, with two, or with a malformed one. */
    static Optional<TraceId> of(ExchangeView request) {
        CharSequence first = request.head().headers().first(HEADER);
        if (first == null || request.headerValues(HEADER).size() > 1) {
            return Optional.empty();
        }
        return parse(first);
    }

    /**
     * Reads {@code version-traceid-parentid-flags}; later versions may have more after a hyphen.
     */
    static Optional<TraceId> parse(CharSequence header) {
        if (header.length() < VERSION_00_LENGTH || !isWellFormed(header)) {
            return Optional.empty();
        }
        TraceId id = new TraceId(hex(header, 3), hex(header, 19));
        boolean parent = hex(header, 36) != 0;
        return parent && (id.high != 0 || id.low != 0) ? Optional.of(id) : Optional.empty();
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

    private static long hex(CharSequence text, int start) {
        long value = 0;
        for (int i = start; i < start + 16; i++) {
            value = value << 4 | Character.digit(text.charAt(i), 16);
        }
        return value;
    }
}
