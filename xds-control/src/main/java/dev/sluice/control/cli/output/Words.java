package dev.sluice.control.cli.output;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.sluice.gate.v1.GateRevision;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Writes values as people read them in a table. Immutable. */
public record Words(InstantSource clock) {
    /** How long ago: {@code 3m ago}; {@code -} when never. */
    public String age(Timestamp time) {
        if (time.equals(Timestamp.getDefaultInstance())) {
            return "-";
        }
        Instant then = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
        long seconds = Math.max(0, java.time.Duration.between(then, clock.instant()).toSeconds());
        return brief(seconds) + " ago";
    }

    /** All of a duration, down to milliseconds: {@code 7d}, {@code 1h30m}; {@code 0} for none. */
    public static String duration(Duration duration) {
        long seconds = duration.getSeconds();
        String whole =
                part(seconds / 86_400, "d")
                        + part(seconds / 3_600 % 24, "h")
                        + part(seconds / 60 % 60, "m")
                        + part(seconds % 60, "s")
                        + part(duration.getNanos() / 1_000_000, "ms");
        return whole.isEmpty() ? "0" : whole;
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + unit;
    }

    /** A moment as tables and documents tell it, down to milliseconds. */
    public static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }

    public static String revision(GateRevision revision) {
        return revision.getEpoch() + "." + revision.getNumber();
    }

    static String micros(long micros) {
        return micros < 10_000 ? "%.1fms".formatted(micros / 1_000.0) : micros / 1_000 + "ms";
    }

    public static String joined(List<String> texts) {
        return texts.isEmpty() ? "-" : String.join(",", texts);
    }

    public static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String brief(long seconds) {
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + "m";
        }
        return seconds < 172_800 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
    }
}
