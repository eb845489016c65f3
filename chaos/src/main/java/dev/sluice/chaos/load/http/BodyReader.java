package dev.sluice.chaos.load.http;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.LoadSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one body as it comes, and keeps of it only what the ledger needs. Thread-safe. */
final class BodyReader {
    private static final int MOST_KEPT = 65_536;

    private final Sought sought;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream first = new ByteArrayOutputStream(0);
    private byte[] last = new byte[0];
    private long bytes;
    private int status;

    /**
     * What is looked for in bodies. Immutable.
     *
     * @param end that good bodies have; empty when any is right
     * @param value of a write, which is looked for in the first 64 KiB; empty when nothing writes
     */
    record Sought(Optional<byte[]> end, Optional<Pattern> value) {
        /**
         * @param run name of the run, whose values are looked for
         */
        static Sought of(LoadSettings settings, String run) {
            return new Sought(
                    settings.end().map(text -> text.getBytes(StandardCharsets.UTF_8)),
                    settings.writes().map(_ -> Pattern.compile("sluice-" + run + "-(\\d{1,18})-")));
        }
    }

    BodyReader(Sought sought) {
        this.sought = sought;
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
        if (sought.value().isPresent()) {
            first.write(more, 0, Math.min(more.length, MOST_KEPT - first.size()));
        }
        sought.end().ifPresent(end -> last = tail(more, end.length));
    }

    /** The end of all that came, at most so long. */
    private byte[] tail(byte[] more, int most) {
        if (more.length >= most) {
            return Arrays.copyOfRange(more, more.length - most, more.length);
        }
        int kept = Math.min(last.length, most - more.length);
        byte[] tail =
                Arrays.copyOf(
                        Arrays.copyOfRange(last, last.length - kept, last.length),
                        kept + more.length);
        System.arraycopy(more, 0, tail, kept, more.length);
        return tail;
    }

    /**
     * The whole body.
     *
     * @param texts of the load, as bodies are often the same
     */
    synchronized Answer.Body end(OptionalLong declared, Optional<String> said, SameTexts texts) {
        return new Answer.Body(
                bytes,
                texts.of(HexFormat.of().formatHex(digest.digest())),
                declared,
                said,
                sought.end().map(text -> Arrays.equals(text, last)),
                value());
    }

    private OptionalLong value() {
        if (sought.value().isEmpty()) {
            return OptionalLong.empty();
        }
        String text = first.toString(StandardCharsets.ISO_8859_1);
        Matcher shown = sought.value().get().matcher(text);
        return shown.find()
                ? OptionalLong.of(Long.parseLong(shown.group(1)))
                : OptionalLong.empty();
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
