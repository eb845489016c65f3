package dev.sluice.testkit.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message that compare by content. Immutable; the array is copied in and out. */
public final class Body {
    /** No byte. */
    public static final Body EMPTY = new Body(new byte[0]);

    private static final int SHOWN = 200;

    private final byte[] bytes;

    private Body(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Body of(byte[] bytes) {
        return new Body(bytes.clone());
    }

    /** The text in UTF-8. */
    public static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    /** The bytes read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body body && Arrays.equals(bytes, body.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text when it is short, else its beginning and its size. */
    @Override
    public String toString() {
        return bytes.length <= SHOWN
                ? text()
                : new String(bytes, 0, SHOWN, StandardCharsets.UTF_8) + "… " + bytes.length + " B";
    }
}
