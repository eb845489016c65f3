package dev.sluice.contract.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a gate decided for one request, complete enough to be explained and replayed. Immutable.
 *
 * @param gate which gate
 * @param revision its revision; empty for an inline gate
 * @param arm the arm that answers
 * @param mode the mode of the key
 * @param reason why
 * @param rule name of the rule that matched, whatever its outcome
 * @param bucket bucket of the key, 0..999,999; empty where none was computed
 * @param share share in force
 * @param key what became of the bucketing key
 * @param writesBelow the write authority that decided, as the part of the key space that NEW has;
 *     empty where none did
 */
public record GateDecision(
        GateName gate,
        Optional<GateRevision> revision,
        Arm arm,
        Mode mode,
        Reason reason,
        Optional<String> rule,
        OptionalInt bucket,
        PartsPerMillion share,
        Key key,
        Optional<PartsPerMillion> writesBelow) {
    /** One that was decided by anything but the write authority. */
    public GateDecision(
            GateName gate,
            Optional<GateRevision> revision,
            Arm arm,
            Mode mode,
            Reason reason,
            Optional<String> rule,
            OptionalInt bucket,
            PartsPerMillion share,
            Key key) {
        this(gate, revision, arm, mode, reason, rule, bucket, share, key, Optional.empty());
    }

    /** What became of the bucketing key of a request. */
    public sealed interface Key {
        /** Nobody looked for it: kill, trip, a fixed rule or a carried decision was enough. */
        record NotRead() implements Key {}

        /** The request has none. */
        record Missing() implements Key {}

        /** It is over 1,024 bytes, and so treated as missing. */
        record TooLong() implements Key {}

        /**
         * It was used.
         *
         * @param hash {@code XXH3_64(utf8(gate name) || 0x01 || key)}: independent of the bucket,
         *     for evidence
         */
        record Used(long hash) implements Key {}

        /**
         * A new one was made for a request without.
         *
         * @param hash as in {@link Used}
         * @param setCookie value of the {@code Set-Cookie} header that the response must get,
         *     beside {@code Cache-Control: private}
         */
        record Issued(long hash, String setCookie) implements Key {}
    }

    /** The decision in a sentence. */
    public String explanation() {
        return Explanation.of(this);
    }

    /**
     * Whether chance drew the arm, by the share in force and the request's own key: reason SHARE,
     * or WRITE_AUTHORITY where it ends where the share does. Only errors of such requests compare
     * the versions.
     */
    public boolean isDrawn() {
        return switch (reason) {
            case SHARE -> true;
            case WRITE_AUTHORITY ->
                    (key instanceof Key.Used || key instanceof Key.Issued) && isByShare();
            case RULE,
                    CARRIED,
                    RANDOM,
                    MISSING_KEY,
                    TRIP,
                    KILL,
                    FALLBACK,
                    CARRIED_STALE,
                    AMBIGUOUS ->
                    false;
        };
    }

    /** Whether the write authority that decided ends where the share does. */
    public boolean isByShare() {
        return writesBelow.filter(share::equals).isPresent();
    }

    /**
     * What this becomes when the other arm answered: LEGACY since the attempt on NEW failed, or NEW
     * since the sidecar of LEGACY refused it.
     */
    public GateDecision fallback() {
        return new GateDecision(
                gate,
                revision,
                arm.other(),
                mode,
                Reason.FALLBACK,
                rule,
                bucket,
                share,
                key,
                writesBelow);
    }
}
