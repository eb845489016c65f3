package dev.sluice.control.cli.session;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * Times as people give them: {@code 2026-11-01T12:00:00Z}, or {@code 15m} ago; and durations.
 * Stateless.
 */
public final class TimeOption {
    private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

    private TimeOption() {}

    /**
     * The time of an option.
     *
     * @throws Trouble when it is none
     */
    public static Timestamp read(String option, String text, InstantSource clock) {
        Matcher ago = AGO.matcher(text);
        Instant time = ago.matches() ? clock.instant().minus(duration(ago)) : instant(option, text);
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /**
     * A duration of an option, such as {@code 4h} or {@code PT1H30M}.
     *
     * @throws TypeConversionException when it is none
     */
    public static Duration duration(String text) {
        Matcher brief = AGO.matcher(text);
        try {
            return brief.matches() ? duration(brief) : Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "got '" + text + "', expected a time such as 90s, 15m, 4h or 7d, or PT1H30M");
        }
    }

    /** A duration as it is sent. */
    public static com.google.protobuf.Duration write(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static Instant instant(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Trouble(
                    ExitCode.INVALID,
                    option,
                    "'" + text + "'",
                    "a time such as 2026-11-01T12:00:00Z, or how long ago, such as 15m",
                    "correct it");
        }
    }

    private static Duration duration(Matcher ago) {
        long count = Long.parseLong(ago.group(1));
        return switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
