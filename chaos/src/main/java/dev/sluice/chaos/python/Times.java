package dev.sluice.chaos.python;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments as people write them. */
final class Times {
    /** What is understood, for messages. */
    static final String SHAPE = "a time of RFC 3339, 'now', or such as '5 minutes ago'";

    private static final Pattern AGO =
            Pattern.compile(
                    "(\\d{1,6})\\s*(s|sec|second|m|min|minute|h|hour|d|day|w|week)s?(\\s+ago)?");

    private Times() {}

    /** The moment; empty for another text. Without a zone it is in UTC. */
    static Optional<Instant> parse(String text, Instant now) {
        String words = text.strip().toLowerCase(Locale.ROOT);
        if (words.equals("now")) {
            return Optional.of(now);
        }
        Matcher ago = AGO.matcher(words);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            return Optional.of(now.minus(unit(ago.group(2)).multipliedBy(count)));
        }
        String iso = text.strip().replaceFirst("(?<=\\d)[ t](?=\\d)", "T");
        return at(() -> OffsetDateTime.parse(iso).toInstant())
                .or(() -> at(() -> LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC)))
                .or(() -> at(() -> LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC)));
    }

    private static Duration unit(String name) {
        return switch (name.charAt(0)) {
            case 's' -> Duration.ofSeconds(1);
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            case 'd' -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }

    private static Optional<Instant> at(java.util.function.Supplier<Instant> reading) {
        try {
            return Optional.of(reading.get());
        } catch (DateTimeException anotherShape) {
            return Optional.empty();
        }
    }
}
