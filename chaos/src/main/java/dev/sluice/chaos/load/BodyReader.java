package dev.sluice.chaos.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one body as it comes, and keeps of it only what the ledger needs. A value is looked for in
 * the first 64 KiB or more. Thread-safe.
 */
final class BodyReader {
    private static final int MOST_KEPT = 65_536;

    private final Optional<byte[]> end;
    private final Pattern value;
    private final MessageDigest digest = sha256();
    private byte[] first = new byte[0];
    private byte[] last = new byte[0];
    private long bytes;
    private int status;

    /**
     * @param run name of the run, whose values are looked for
     */
    BodyReader(Optional<String> end, String run) {
        this.end = end.map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.value = Pattern.compile("sluice-" + run + "-(\\d{1,18})-");
    }

    /** What a write writes: found again in any text around it. */
    static String value(String run, long id) {
        return "sluice-" + run + "-" + id + "-";
    }

    synchronized void begin(int status) {
        this.status = status;
    }

    synchronized void add(byte[] more) {
        digest.update(more);
        bytes += more.length;
        if (first.length < MOST_KEPT) {
            first = joined(first, Arrays.copyOf(more, Math.min(more.length, MOST_KEPT)));
        }
        byte[] tail = joined(last, more);
        int keep = Math.min(tail.length, end.map(text -> text.length).orElse(0));
        last = Arrays.copyOfRange(tail, tail.length - keep, tail.length);
    }

    private static byte[] joined(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /** The whole body. */
    synchronized Answer.Body end(OptionalLong declared, Optional<String> said) {
        Matcher shown = value.matcher(new String(first, StandardCharsets.ISO_8859_1));
        return new Answer.Body(
                bytes,
                HexFormat.of().formatHex(digest.digest()),
                declared,
                said,
                end.map(text -> Arrays.equals(text, last)),
                shown.find()
                        ? OptionalLong.of(Long.parseLong(shown.group(1)))
                        : OptionalLong.empty());
    }

    /** What came before the end that should not have been; empty when not even the head did. */
    synchronized Optional<Answer> cut(String why) {
        return status == 0 ? Optional.empty() : Optional.of(new Answer.Cut(status, bytes, why));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
