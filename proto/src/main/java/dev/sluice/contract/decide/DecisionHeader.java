package dev.sluice.contract.decide;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.ResourceId;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A decision in the response header {@code x-sluice-decision}, as a dictionary of RFC 8941:
 *
 * <pre>
 * gate="orders", arm=NEW, mode=COMPLETE, reason=SHARE, share=250000, bucket=123, rev="1.42", rule="vip"
 * </pre>
 *
 * {@code bucket}, {@code rev} and {@code rule} are there when the decision has them, and {@code
 * writes}, the write authority in parts per million, when that decided. What became of the key is
 * not told. Stateless.
 */
public final class DecisionHeader {
    /** Name of the header. */
    public static final String NAME = "x-sluice-decision";

    private static final Pattern REVISION = Pattern.compile("([0-9]{1,19})\\.([0-9]{1,19})");

    private DecisionHeader() {}

    /** The header's value. */
    public static String write(GateDecision decision) {
        StringBuilder value = new StringBuilder(128);
        value.append("gate=\"").append(decision.gate().id());
        value.append("\", arm=").append(decision.arm());
        value.append(", mode=").append(decision.mode());
        value.append(", reason=").append(decision.reason());
        value.append(", share=").append(decision.share().value());
        decision.writesBelow().ifPresent(below -> value.append(", writes=").append(below.value()));
        decision.bucket().ifPresent(bucket -> value.append(", bucket=").append(bucket));
        decision.revision().ifPresent(rev -> value.append(", rev=\"").append(rev).append('"'));
        decision.rule().ifPresent(rule -> value.append(", rule=\"").append(rule).append('"'));
        return value.toString();
    }

    /**
     * Reads the header's value; all problems have the dictionary's key as path. Keys that are not
     * ours are ignored, as RFC 8941 asks.
     */
    public static Parsed<GateDecision> parse(CharSequence value) {
        Problems problems = Problems.root();
        Optional<Map<String, StructuredItem>> dictionary =
                problems.take(StructuredItem.dictionary(value));
        if (dictionary.isEmpty()) {
            return new Parsed.Refused<>(problems.all());
        }
        Map<String, StructuredItem> items = dictionary.get();
        Optional<String> gate = id(items, problems, "gate");
        Optional<Arm> arm = word(items, problems, "arm", Arm.class);
        Optional<Mode> mode = word(items, problems, "mode", Mode.class);
        Optional<Reason> reason = word(items, problems, "reason", Reason.class);
        OptionalInt share = number(items, problems, "share", PartsPerMillion.WHOLE);
        OptionalInt writes =
                items.containsKey("writes")
                        ? number(items, problems, "writes", PartsPerMillion.WHOLE)
                        : OptionalInt.empty();
        OptionalInt bucket =
                items.containsKey("bucket")
                        ? number(items, problems, "bucket", PartsPerMillion.WHOLE - 1)
                        : OptionalInt.empty();
        Optional<GateRevision> revision = revision(items, problems);
        Optional<String> rule =
                items.containsKey("rule") ? id(items, problems, "rule") : Optional.empty();
        return problems.finish(() ->
                new GateDecision(
                        new GateName(gate.orElseThrow()),
                        revision,
                        arm.orElseThrow(),
                        mode.orElseThrow(),
                        reason.orElseThrow(),
                        rule,
                        bucket,
                        new PartsPerMillion(share.orElseThrow()),
                        new GateDecision.Key.NotRead(),
                        writes.isPresent()
                                ? Optional.of(new PartsPerMillion(writes.getAsInt()))
                                : Optional.empty()));
    }

    private static Optional<String> id(
            Map<String, StructuredItem> items, Problems problems, String key) {
        StructuredItem item = StructuredItem.of(items, key);
        if (item instanceof StructuredItem.Text(String text) && ResourceId.isValid(text)) {
            return Optional.of(text);
        }
        refuse(item, problems.field(key), "a string of " + ResourceId.SHAPE);
        return Optional.empty();
    }

    private static <E extends Enum<E>> Optional<E> word(
            Map<String, StructuredItem> items, Problems problems, String key, Class<E> words) {
        StructuredItem item = StructuredItem.of(items, key);
        if (item instanceof StructuredItem.Token(String token)) {
            for (E word : words.getEnumConstants()) {
                if (word.name().equals(token)) {
                    return Optional.of(word);
                }
            }
        }
        refuse(item, problems.field(key), "one of " + Arrays.toString(words.getEnumConstants()));
        return Optional.empty();
    }

    private static OptionalInt number(
            Map<String, StructuredItem> items, Problems problems, String key, int most) {
        StructuredItem item = StructuredItem.of(items, key);
        if (item instanceof StructuredItem.Whole(long number) && number >= 0 && number <= most) {
            return OptionalInt.of((int) number);
        }
        refuse(item, problems.field(key), "an integer 0.." + most);
        return OptionalInt.empty();
    }

    private static Optional<GateRevision> revision(
            Map<String, StructuredItem> items, Problems problems) {
        if (!items.containsKey("rev")) {
            return Optional.empty();
        }
        StructuredItem item = StructuredItem.of(items, "rev");
        if (item instanceof StructuredItem.Text(String text)) {
            Matcher parts = REVISION.matcher(text);
            if (parts.matches()) {
                try {
                    long epoch = Long.parseLong(parts.group(1));
                    return Optional.of(new GateRevision(epoch, Long.parseLong(parts.group(2))));
                } catch (IllegalArgumentException outOfRange) {
                    // told below, like any other text that is no revision
                }
            }
        }
        refuse(item, problems.field("rev"), "a string {epoch}.{number}, both 1..2^63-1");
        return Optional.empty();
    }

    private static void refuse(StructuredItem item, Problems at, String expected) {
        String got =
                item instanceof StructuredItem.Absent ? "nothing" : Problem.quote(item.toString());
        at.add(got, expected, "compare the versions of the two sides");
    }
}
