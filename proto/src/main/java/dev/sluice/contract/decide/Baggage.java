package dev.sluice.contract.decide;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.ResourceId;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.match.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Carried decisions in the W3C {@code baggage} header (W3C Baggage §3.2), one member each: {@code
 * sluice.{id}={epoch}.{number}.{mode}.{bucket}}, {mode} the number of the contract's Mode and
 * {bucket} {@code -} where none decided; an inline gate has epoch and number 0. Members of others
 * stay byte for byte; malformed ones of ours are ignored when read and go when written. Stateless.
 */
public final class Baggage {
    /** Name of the header. */
    public static final String HEADER = "baggage";

    /** Most bytes that all our members take, separators included. */
    public static final int MOST_BYTES = 512;

    private static final String PREFIX = "sluice.";
    private static final int LONGEST_NUMBER = 19;

    private Baggage() {}

    /**
     * Header lines and what had no room in them.
     *
     * @param lines values of all {@code baggage} headers of the message
     * @param left decisions that did not fit into {@link #MOST_BYTES}: to be counted, and decided
     *     again downstream
     */
    public record Written(List<String> lines, List<CarriedDecision> left) {}

    /** What the lines carry for a gate set or lone gate. */
    public static Carried find(List<? extends CharSequence> lines, String id) {
        Carried found = Carried.NOTHING;
        for (CarriedDecision decision : read(lines)) {
            if (decision.id().equals(id)) {
                boolean first = found instanceof Carried.Nothing;
                found =
                        first || found.equals(Carried.of(decision))
                                ? Carried.of(decision)
                                : Carried.CONFLICT;
            }
        }
        return found;
    }

    /** Every well-formed decision in the lines, in their order. */
    public static List<CarriedDecision> read(List<? extends CharSequence> lines) {
        List<CarriedDecision> decisions = new ArrayList<>();
        for (CharSequence line : lines) {
            for (int start = 0; start <= line.length(); ) {
                int end = Texts.indexOf(line, ',', start);
                if (isOurs(line, start, end)) {
                    member(Texts.trim(line, start, end)).ifPresent(decisions::add);
                }
                start = end + 1;
            }
        }
        return decisions;
    }

    /** The lines without any member of ours: what leaves a trust boundary. */
    public static List<String> strip(List<? extends CharSequence> lines) {
        return write(lines, List.of()).lines();
    }

    /**
     * The lines with exactly these decisions, in a line of their own; a line of which nothing is
     * left is dropped.
     */
    public static Written write(
            List<? extends CharSequence> lines, List<CarriedDecision> decisions) {
        List<String> written = new ArrayList<>();
        for (CharSequence line : lines) {
            String others = others(line);
            if (!others.isBlank()) {
                written.add(others);
            }
        }
        StringBuilder ours = new StringBuilder();
        List<CarriedDecision> left = new ArrayList<>();
        for (CarriedDecision decision : decisions) {
            String member = (ours.isEmpty() ? "" : ",") + member(decision);
            if (ours.length() + member.length() <= MOST_BYTES) {
                ours.append(member);
            } else {
                left.add(decision);
            }
        }
        if (!ours.isEmpty()) {
            written.add(ours.toString());
        }
        return new Written(written, left);
    }

    /** The member that carries a decision. */
    static String member(CarriedDecision decision) {
        String revision = decision.revision().map(GateRevision::toString).orElse("0.0");
        String bucket =
                decision.bucket().isPresent()
                        ? Integer.toString(decision.bucket().getAsInt())
                        : "-";
        int mode = decision.mode().number();
        return PREFIX + decision.id() + "=" + revision + "." + mode + "." + bucket;
    }

    /** The line without our members, and without the comma that each leaves. */
    private static String others(CharSequence line) {
        StringBuilder others = new StringBuilder(line.length());
        boolean first = true;
        for (int start = 0; start <= line.length(); ) {
            int end = Texts.indexOf(line, ',', start);
            if (!isOurs(line, start, end)) {
                others.append(first ? "" : ",").append(line, start, end);
                first = false;
            }
            start = end + 1;
        }
        return others.toString();
    }

    private static boolean isOurs(CharSequence line, int start, int end) {
        CharSequence member = Texts.trim(line, start, end);
        return member.length() >= PREFIX.length()
                && PREFIX.contentEquals(member.subSequence(0, PREFIX.length()));
    }

    /** A member of ours; its properties, which others may have added, do not matter. */
    private static Optional<CarriedDecision> member(CharSequence member) {
        int end = Texts.indexOf(member, ';', 0);
        int equals = Texts.indexOf(member, '=', 0, end);
        if (equals == end) {
            return Optional.empty();
        }
        String id = Texts.trim(member, PREFIX.length(), equals).toString();
        String[] parts = Texts.trim(member, equals + 1, end).toString().split("\\.", -1);
        if (parts.length != 4 || !ResourceId.isValid(id)) {
            return Optional.empty();
        }
        long epoch = number(parts[0]);
        long number = number(parts[1]);
        Optional<Mode> mode = Mode.ofNumber(number(parts[2]));
        long bucket = parts[3].equals("-") ? 0 : number(parts[3]);
        boolean inline = epoch == 0 && number == 0;
        if ((!inline && (epoch < 1 || number < 1))
                || mode.isEmpty()
                || bucket < 0
                || bucket >= PartsPerMillion.WHOLE) {
            return Optional.empty();
        }
        return Optional.of(
                new CarriedDecision(
                        id,
                        inline ? Optional.empty() : Optional.of(new GateRevision(epoch, number)),
                        mode.get(),
                        parts[3].equals("-") ? OptionalInt.empty() : OptionalInt.of((int) bucket)));
    }

    /** A decimal number without sign; -1 for anything else, or over 2^63-1. */
    private static long number(String digits) {
        if (digits.isEmpty()
                || digits.length() > LONGEST_NUMBER
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }
}
