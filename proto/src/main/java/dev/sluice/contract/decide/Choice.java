package dev.sluice.contract.decide;

import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import java.util.OptionalInt;

/**
 * What was decided for one request, in one {@code long}, so that deciding allocates nothing; {@link
 * GateDecider#explained} makes the record of it that is kept. Stateless.
 *
 * <pre>
 * bits   0..19   bucket, 0..999,999
 * bit    20      whether there is a bucket
 * bits  21..29   1 + index of the rule that matched; 0: none did
 * bits  30..35   ordinal of the mode
 * bits  36..41   ordinal of the reason
 * bits  42..44   ordinal of what became of the key
 * </pre>
 */
public final class Choice {
    private static final int BUCKET_BITS = 20;
    private static final long HAS_BUCKET = 1L << BUCKET_BITS;
    private static final int RULE_AT = 21;
    private static final int MODE_AT = 30;
    private static final int REASON_AT = 36;
    private static final int KEY_AT = 42;
    private static final Mode[] MODES = Mode.values();
    private static final Reason[] REASONS = Reason.values();
    private static final KeyUse[] KEY_USES = KeyUse.values();

    /** The index of no rule. */
    static final int NO_RULE = -1;

    /** What became of the bucketing key. */
    enum KeyUse {
        /** Nobody looked for it. */
        NOT_READ,
        /** The request has none. */
        MISSING,
        /** It is over 1,024 bytes, and so treated as missing. */
        TOO_LONG,
        /** It was used. */
        USED,
        /** A new one was made for a request without. */
        ISSUED
    }

    private Choice() {}

    @SuppressWarnings("EnumOrdinal") // a choice never leaves the process that made it
    static long of(Mode mode, Reason reason, int rule, KeyUse key) {
        return ((long) (rule + 1) << RULE_AT)
                | ((long) mode.ordinal() << MODE_AT)
                | ((long) reason.ordinal() << REASON_AT)
                | ((long) key.ordinal() << KEY_AT);
    }

    static long withBucket(long choice, int bucket) {
        return choice | HAS_BUCKET | bucket;
    }

    /** The mode of the key; its authoritative arm answers. */
    public static Mode mode(long choice) {
        return MODES[bits(choice, MODE_AT, 6)];
    }

    /** Why. */
    public static Reason reason(long choice) {
        return REASONS[bits(choice, REASON_AT, 6)];
    }

    /** Bucket of the key, 0..999,999; empty where none was computed. */
    public static OptionalInt bucket(long choice) {
        return (choice & HAS_BUCKET) == 0
                ? OptionalInt.empty()
                : OptionalInt.of(bits(choice, 0, BUCKET_BITS));
    }

    /** Index of the rule that matched, whatever its outcome; -1 when none did. */
    static int rule(long choice) {
        return bits(choice, RULE_AT, 9) - 1;
    }

    static KeyUse key(long choice) {
        return KEY_USES[bits(choice, KEY_AT, 3)];
    }

    private static int bits(long choice, int at, int count) {
        return (int) (choice >>> at) & ((1 << count) - 1);
    }
}
