package dev.sluice.control.change;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest (FIPS 180-4). Immutable.
 *
 * @param hex 64 lower-case hex digits
 */
public record Digest(String hex) {
    private static final int LENGTH = 64;

    /** What the first event of a log names as its predecessor. */
    public static final Digest ZERO = new Digest("0".repeat(64));

    /**
     * @throws IllegalArgumentException when it is not 64 lower-case hex digits
     */
    public Digest {
        if (!isOne(hex)) {
            throw new IllegalArgumentException(
                    "digest '" + hex + "' (expected 64 lower-case hex digits)");
        }
    }

    /** Whether a text is 64 lower-case hex digits. */
    public static boolean isOne(String text) {
        return text.length() == LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** The digest of the UTF-8 bytes of the parts, each followed by a line feed. */
    public static Digest of(String... parts) {
        MessageDigest sha = sha256();
        for (String part : parts) {
            sha.update(part.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) '\n');
        }
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    /** The digest of bytes. */
    public static Digest ofBytes(Iterable<ByteBuffer> bytes) {
        MessageDigest sha = sha256();
        bytes.forEach(sha::update);
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    /** The first 16 digits: enough to tell two states of one resource apart. */
    public String brief() {
        return hex.substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
