package dev.sluice.control.cli.output;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.sluice.gate.v1.GateRevision;
import java.time.Instant;
import java.time.InstantSource;
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

    public static String duration(Duration duration) {
        long millis = duration.getSeconds() * 1_000 + duration.getNanos() / 1_000_000;
        return millis == 0 ? "0" : millis < 10_000 ? millis + "ms" : brief(millis / 1_000);
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
