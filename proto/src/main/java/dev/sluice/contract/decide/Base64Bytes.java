package dev.sluice.contract.decide;

/**
 * Base64 into a key buffer: with or without padding, nothing else beside the alphabet (RFC 4648
 * §3.2, §3.3). Immutable.
 */
enum Base64Bytes {
    /** With {@code +} and {@code /}: gRPC's binary metadata. */
    STANDARD('+', '/'),
    /** With {@code -} and {@code _}: JSON Web Tokens. */
    URL('-', '_');

    private static final int NONE = -1;

    private final char symbol62;
    private final char symbol63;

    Base64Bytes(char symbol62, char symbol63) {
        this.symbol62 = symbol62;
        this.symbol63 = symbol63;
    }

    /**
     * Decodes into a cleared buffer, which stays empty when the text is malformed.
     *
     * @return false when the bytes do not fit
     */
    boolean decode(CharSequence text, KeyBuffer into) {
        int end = unpadded(text);
        if (end < 0 || end % 4 == 1 || !isAlphabet(text, end)) {
            return true;
        }
        int bits = 0;
        int held = 0;
        for (int i = 0; i < end; i++) {
            bits = (bits << 6) | value(text.charAt(i));
            held += 6;
            if (held >= 8) {
                held -= 8;
                if (!into.add(bits >> held)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The bytes of a text; empty when it is malformed. */
    byte[] decode(CharSequence text) {
        int end = unpadded(text);
        if (end < 0 || end % 4 == 1 || !isAlphabet(text, end)) {
            return new byte[0];
        }
        byte[] bytes = new byte[end * 6 / 8];
        int bits = 0;
        int held = 0;
        int next = 0;
        for (int i = 0; i < end; i++) {
            bits = (bits << 6) | value(text.charAt(i));
            held += 6;
            if (held >= 8) {
                held -= 8;
                bytes[next++] = (byte) (bits >> held);
            }
        }
        return bytes;
    }

    /** Length without padding; -1 when the padding is wrong. */
    private static int unpadded(CharSequence text) {
        int end = text.length();
        while (end > 0 && end > text.length() - 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        return end < text.length() && text.length() % 4 != 0 ? NONE : end;
    }

    private boolean isAlphabet(CharSequence text, int end) {
        for (int i = 0; i < end; i++) {
            if (value(text.charAt(i)) == NONE) {
                return false;
            }
        }
        return true;
    }

    private int value(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        if (c == symbol62) {
            return 62;
        }
        return c == symbol63 ? 63 : NONE;
    }
}
