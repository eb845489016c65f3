package dev.sluice.chaos.experiment;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them here: {@code 500ms}, {@code 1.5s}, {@code 2m}. Stateless. */
public final class DurationText {
    /** What is expected, for messages. */
    public static final String SHAPE = "a number with ms, s, m or h, such as 30s";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h)");

    private DurationText() {}

    /** The duration in whole milliseconds; empty when the text is none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unitMillis =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                };
        BigDecimal millis =
                new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitMillis));
        return Optional.of(Duration.ofMillis(millis.longValue()));
    }
}
