package dev.sluice.contract.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads single fields of the contract: a value in range, or one problem at the field's path and a
 * stand-in that is never used. Stateless.
 */
public final class Fields {
    private Fields() {}

    /**
     * The word with this number of the contract's enum, whose words are ours in the same order
     * after UNSPECIFIED; empty after a problem.
     */
    public static <E extends Enum<E>> Optional<E> required(
            Class<E> words, int number, Problems at) {
        E[] known = words.getEnumConstants();
        if (number >= 1 && number <= known.length) {
            return Optional.of(known[number - 1]);
        }
        String got = number == 0 ? "nothing" : "unknown number " + number;
        at.add(got, "one of " + Arrays.toString(known), "choose one of these");
        return Optional.empty();
    }

    /** As {@link #required}, but UNSPECIFIED is {@code whenUnspecified}. */
    public static <E extends Enum<E>> E optional(
            Class<E> words, int number, E whenUnspecified, Problems at) {
        return number == 0 ? whenUnspecified : required(words, number, at).orElse(whenUnspecified);
    }

    /** A text of {@code shortest} to {@code longest} characters. */
    public static String text(String text, int shortest, int longest, Problems at) {
        if (text.length() < shortest || text.length() > longest) {
            at.add(
                    Problem.quote(text),
                    shortest + ".." + longest + " characters",
                    text.isEmpty() ? "give it" : "shorten it");
        }
        return text;
    }

    /** A duration in [{@code least}, {@code most}]. */
    public static Duration duration(
            com.google.protobuf.Duration proto, Duration least, Duration most, Problems at) {
        boolean representable = Math.abs((double) proto.getSeconds()) <= most.toSeconds() + 1d;
        Duration duration =
                representable
                        ? Duration.ofSeconds(proto.getSeconds(), proto.getNanos())
                        : Duration.ZERO;
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            at.add(
                    proto.getSeconds() + " s " + proto.getNanos() + " ns",
                    words(least) + ".." + words(most),
                    "give a duration in this range, or leave it out for the default");
            return least;
        }
        return duration;
    }

    /** An instant of the years 1..9999, as protobuf has them. */
    public static Optional<Instant> time(com.google.protobuf.Timestamp proto, Problems at) {
        boolean right =
                com.google.protobuf.Timestamp.getDefaultInstance().equals(proto)
                        || (Math.abs((double) proto.getSeconds()) <= 253_402_300_799d
                                && proto.getNanos() >= 0
                                && proto.getNanos() < 1_000_000_000);
        if (!right) {
            at.add(
                    proto.getSeconds() + " s " + proto.getNanos() + " ns",
                    "a time of the years 1..9999",
                    "leave it out; it is set by the control plane");
            return Optional.empty();
        }
        return Optional.of(Instant.ofEpochSecond(proto.getSeconds(), proto.getNanos()));
    }

    /** An unsigned number in [{@code least}, {@code most}]. */
    public static int number(int unsigned, int least, int most, Problems at) {
        long value = Integer.toUnsignedLong(unsigned);
        if (value < least || value > most) {
            at.add(Long.toString(value), least + ".." + most, "give a number in this range");
            return least;
        }
        return (int) value;
    }

    /** A probability in parts per million; 0 is the default. */
    public static PartsPerMillion probability(
            int unsigned, PartsPerMillion whenZero, int least, int most, Problems at) {
        return unsigned == 0 ? whenZero : new PartsPerMillion(number(unsigned, least, most, at));
    }

    private static String words(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + " ms";
        }
        return duration.toDaysPart() > 0 ? duration.toDays() + " d" : duration.toSeconds() + " s";
    }
}
