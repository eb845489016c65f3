package dev.sluice.contract.decide;

import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.match.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Room for one bucketing key, with room before it for what it is hashed with, so that a decision
 * copies a key once and allocates nothing. Loop-owned.
 */
final class KeyBuffer {
    /** Room for the longest salt or gate name and the separator after it. */
    private static final int HEAD = Salt.MAX_BYTES + 1;

    private final byte[] bytes = new byte[HEAD + KeySource.MAX_KEY_BYTES];
    private final CharSequence text = new Text();
    private int length;

    /** Bytes that a key is hashed after: a text and a separator. Immutable. */
    static final class Prefix {
        private final byte[] bytes;

        Prefix(String text, int separator) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (utf8.length >= HEAD) {
                throw new IllegalArgumentException("a prefix of " + utf8.length + " bytes");
            }
            bytes = new byte[utf8.length + 1];
            System.arraycopy(utf8, 0, bytes, 0, utf8.length);
            bytes[utf8.length] = (byte) separator;
        }
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** Adds one byte; false when the key would be over 1,024 bytes. */
    boolean add(int b) {
        if (length == KeySource.MAX_KEY_BYTES) {
            return false;
        }
        bytes[HEAD + length] = (byte) b;
        length++;
        return true;
    }

    /** Adds a text of a request; false when the key would be over 1,024 bytes. */
    boolean add(CharSequence text, RequestView request) {
        int count = text.length();
        if (length + count > KeySource.MAX_KEY_BYTES) {
            return false;
        }
        request.copy(text, bytes, HEAD + length);
        length += count;
        return true;
    }

    /** Adds 64 bits as 16 lower-case hexadecimal digits; there is room for them. */
    void addHex(long bits) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[HEAD + length] = (byte) Character.forDigit((int) (bits >>> shift) & 0xf, 16);
            length++;
        }
    }

    /** Hash of the prefix and the key after it. */
    long hashAfter(Prefix prefix) {
        int start = HEAD - prefix.bytes.length;
        System.arraycopy(prefix.bytes, 0, bytes, start, prefix.bytes.length);
        return Xxh3.hash(bytes, start, prefix.bytes.length + length);
    }

    /** The key as a wire text (one char a byte), until it is changed. */
    CharSequence text() {
        return text;
    }

    /** A copy of the key. */
    byte[] copy() {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, HEAD, copy, 0, length);
        return copy;
    }

    /** The bytes of the key, one char each. */
    private final class Text implements CharSequence {
        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            return (char) (bytes[HEAD + Objects.checkIndex(index, length)] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return toString().substring(start, end);
        }

        @Override
        public String toString() {
            return new String(bytes, HEAD, length, StandardCharsets.ISO_8859_1);
        }
    }
}
