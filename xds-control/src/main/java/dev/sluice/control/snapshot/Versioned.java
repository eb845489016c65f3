package dev.sluice.control.snapshot;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * One xDS resource and the hash of its content, the same on every replica and after every restart.
 * Immutable.
 *
 * @param name of the resource
 * @param version first 16 hex digits of SHA-256 over the deterministic serialization; a gate's
 *     starts with its revision
 * @param message the resource itself
 * @param references what it names and can't work without
 */
public record Versioned(String name, String version, Message message, Set<Reference> references) {
    private static final int HEX_DIGITS = 16;

    public static Versioned of(String name, Message message) {
        return new Versioned(name, hash(bytes(message)), message, Reference.of(message));
    }

    /** First 16 hex digits of SHA-256. */
    static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the serialized size takes the message", e);
        }
        return bytes;
    }
}
