package dev.sluice.chaos.telemetry;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a run belongs to, and the span in it that caused the run. Immutable.
 *
 * @param trace 16 bytes
 * @param span 8 bytes; none when the run begins the trace
 */
public record TraceParent(ByteString trace, ByteString span) {
    private static final Pattern FORMAT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*");

    /** A trace of the run's own. */
    public static TraceParent none(RandomGenerator random) {
        return new TraceParent(bytes(random, 16), ByteString.EMPTY);
    }

    /** Reads a {@code traceparent} of W3C's Trace Context; empty when it is none. */
    public static Optional<TraceParent> parse(String header) {
        Matcher fields = FORMAT.matcher(header);
        return fields.matches() && !isZero(fields.group(1)) && !isZero(fields.group(2))
                ? Optional.of(
                        new TraceParent(
                                ByteString.fromHex(fields.group(1)),
                                ByteString.fromHex(fields.group(2))))
                : Optional.empty();
    }

    private static boolean isZero(String hex) {
        return hex.chars().allMatch(digit -> digit == '0');
    }

    /** The trace's id as people search for it. */
    public String id() {
        return HexFormat.of().formatHex(trace.toByteArray());
    }

    static ByteString bytes(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        bytes[0] |= 1; // an id of zeros is none
        return ByteString.copyFrom(bytes);
    }
}
