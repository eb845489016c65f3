package dev.sluice.contract.match;

import java.nio.charset.StandardCharsets;

/**
 * A text of a configuration as its UTF-8 bytes stand on the wire, one char for one byte, so that it
 * can be compared with a request that was never decoded. Immutable.
 *
 * @param bytes one char (0..255) for each byte
 */
public record WireText(String bytes) {
    /**
     * @throws IllegalArgumentException when a char is over 255
     */
    public WireText {
        if (bytes.chars().anyMatch(c -> c > 0xff)) {
            throw new IllegalArgumentException("a wire text holds bytes (expected chars 0..255)");
        }
    }

    /** The UTF-8 bytes of a text. */
    public static WireText of(String text) {
        return new WireText(
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** The text whose UTF-8 bytes these are. */
    public String text() {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    int length() {
        return bytes.length();
    }

    boolean equalTo(CharSequence value, LetterCase letterCase) {
        return value.length() == bytes.length() && standsAt(0, value, letterCase);
    }

    boolean isPrefixOf(CharSequence value, LetterCase letterCase) {
        return value.length() >= bytes.length() && standsAt(0, value, letterCase);
    }

    boolean isSuffixOf(CharSequence value, LetterCase letterCase) {
        int start = value.length() - bytes.length();
        return start >= 0 && standsAt(start, value, letterCase);
    }

    boolean isIn(CharSequence value, LetterCase letterCase) {
        for (int start = 0; start + bytes.length() <= value.length(); start++) {
            if (standsAt(start, value, letterCase)) {
                return true;
            }
        }
        return false;
    }

    private boolean standsAt(int start, CharSequence value, LetterCase letterCase) {
        for (int i = 0; i < bytes.length(); i++) {
            if (!letterCase.same(bytes.charAt(i), value.charAt(start + i))) {
                return false;
            }
        }
        return true;
    }
}
