package dev.sluice.proxy.snapshot.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How {@code START_TIME} is written: conversions of C's {@code strftime} in its own locale, in UTC,
 * beside {@code %s} for seconds since 1970 and {@code %f} or {@code %1f}..{@code %9f} for so many
 * digits of the second's fraction, which is known to the millisecond. Immutable.
 *
 * @param text the pattern; only known conversions stand in it
 */
public record TimePattern(String text) {
    /** Envoy's own: {@code 2024-02-29T08:05:03.007Z}. */
    public static final TimePattern STANDARD = new TimePattern("%Y-%m-%dT%H:%M:%S.%3fZ");

    private static final int NANO_DIGITS = 9;
    private static final String SECONDS = "s";
    private static final String FRACTION = "f";

    private static final Map<Character, DateTimeFormatter> CONVERSIONS =
            Map.ofEntries(
                    conversion('a', "EEE"),
                    conversion('A', "EEEE"),
                    conversion('b', "MMM"),
                    conversion('h', "MMM"),
                    conversion('B', "MMMM"),
                    conversion('c', "EEE MMM ppd HH:mm:ss uuuu"),
                    conversion('d', "dd"),
                    conversion('D', "MM/dd/uu"),
                    conversion('x', "MM/dd/uu"),
                    conversion('e', "ppd"),
                    conversion('F', "uuuu-MM-dd"),
                    conversion('H', "HH"),
                    conversion('k', "ppH"),
                    conversion('I', "hh"),
                    conversion('l', "pph"),
                    conversion('j', "DDD"),
                    conversion('m', "MM"),
                    conversion('M', "mm"),
                    conversion('p', "a"),
                    conversion('r', "hh:mm:ss a"),
                    conversion('R', "HH:mm"),
                    conversion('S', "ss"),
                    conversion('T', "HH:mm:ss"),
                    conversion('X', "HH:mm:ss"),
                    conversion('y', "uu"),
                    conversion('Y', "uuuu"),
                    conversion('z', "xx"));

    /** The first conversion that is not known; empty when all are. */
    public static Optional<String> unknownIn(String pattern) {
        int at = 0;
        while (at < pattern.length()) {
            int end = pattern.charAt(at) == '%' ? conversionEnd(pattern, at) : at + 1;
            if (pattern.charAt(at) == '%' && !isKnown(pattern.substring(at, end))) {
                return Optional.of(pattern.substring(at, end));
            }
            at = end;
        }
        return Optional.empty();
    }

    /** This moment in words. */
    public String at(long epochMillis) {
        ZonedDateTime moment = Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(text.length() + 16);
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '%') {
                int end = conversionEnd(text, at);
                out.append(convert(text.substring(at + 1, end), moment));
                at = end;
            } else {
                out.append(text.charAt(at++));
            }
        }
        return out.toString();
    }

    private static int conversionEnd(String pattern, int percent) {
        boolean digit =
                percent + 1 < pattern.length()
                        && pattern.charAt(percent + 1) >= '1'
                        && pattern.charAt(percent + 1) <= '9';
        return Math.min(pattern.length(), percent + (digit ? 3 : 2));
    }

    private static boolean isKnown(String conversion) {
        String what = conversion.substring(1);
        return switch (what) {
            case "%", "n", "t", "u", "w", "Z", SECONDS, FRACTION -> true;
            default ->
                    what.length() == 1
                            ? CONVERSIONS.containsKey(what.charAt(0))
                            : what.endsWith(FRACTION);
        };
    }

    private static String convert(String what, ZonedDateTime moment) {
        return switch (what) {
            case "%" -> "%";
            case "n" -> "\n";
            case "t" -> "\t";
            case "Z" -> "UTC";
            case SECONDS -> Long.toString(moment.toEpochSecond());
            case FRACTION -> fraction(moment, NANO_DIGITS);
            case "u" -> Integer.toString(moment.getDayOfWeek().getValue());
            case "w" -> Integer.toString(moment.getDayOfWeek().getValue() % 7);
            default ->
                    what.length() == 2
                            ? fraction(moment, what.charAt(0) - '0')
                            : CONVERSIONS
                                    .getOrDefault(what.charAt(0), DateTimeFormatter.ISO_INSTANT)
                                    .format(moment);
        };
    }

    private static Map.Entry<Character, DateTimeFormatter> conversion(char letter, String java) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(java, Locale.US));
    }

    private static String fraction(ZonedDateTime moment, int digits) {
        return "%09d".formatted(moment.getNano()).substring(0, digits);
    }
}
