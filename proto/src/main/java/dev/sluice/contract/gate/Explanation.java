package dev.sluice.contract.gate;

import dev.sluice.contract.PartsPerMillion;

/** Says a decision in a sentence. Stateless. */
final class Explanation {
    private Explanation() {}

    static String of(GateDecision decision) {
        String revision = decision.revision().map(r -> " revision " + r).orElse(" (inline)");
        return decision.gate().name()
                + revision
                + ": "
                + why(decision)
                + ", so mode "
                + decision.mode()
                + " is in force and "
                + decision.arm()
                + " answers";
    }

    private static String why(GateDecision decision) {
        return switch (decision.reason()) {
            case SHARE -> byRule(decision) + byShare(decision);
            case RULE -> "rule '" + decision.rule().orElse("") + "' decides alone";
            case CARRIED -> "a decision carried from upstream" + carriedBucket(decision);
            case RANDOM -> byRule(decision) + noKey(decision) + "a random " + byShare(decision);
            case MISSING_KEY -> byRule(decision) + noKey(decision) + missingKey(decision);
            case TRIP -> "this sidecar has taken the keys of the operation back";
            case KILL -> "the gate is killed";
            case FALLBACK ->
                    decision.arm() == Arm.LEGACY
                            ? "the attempt on NEW failed and was repeated on LEGACY"
                            : "LEGACY is retired and refused, and the request was sent to NEW";
            case CARRIED_STALE ->
                    "a carried decision was too old; " + byRule(decision) + byShare(decision);
            case AMBIGUOUS ->
                    "two live requests of the trace were decided differently; "
                            + byRule(decision)
                            + byShare(decision);
            case WRITE_AUTHORITY -> "it is a write; " + byWriteAuthority(decision);
        };
    }

    private static String byWriteAuthority(GateDecision decision) {
        PartsPerMillion below = decision.writesBelow().orElse(PartsPerMillion.NONE);
        String authority = "the write authority " + below.value() + " (" + below.percent() + ")";
        String without = isKeyless(decision) ? noKey(decision) : "";
        if (decision.bucket().isEmpty()) {
            return without
                    + (below.isAll()
                            ? "at " + authority + " every write is in"
                            : "at " + authority + " writes without one stay with LEGACY");
        }
        int bucket = decision.bucket().getAsInt();
        return without
                + (without.isEmpty() ? "" : "a random ")
                + "bucket "
                + bucket
                + " is "
                + (below.contains(bucket) ? "below " : "not below ")
                + authority;
    }

    private static boolean isKeyless(GateDecision decision) {
        return switch (decision.key()) {
            case GateDecision.Key.Missing(), GateDecision.Key.TooLong() -> true;
            case GateDecision.Key.NotRead(), GateDecision.Key.Used _, GateDecision.Key.Issued _ ->
                    false;
        };
    }

    private static String byRule(GateDecision decision) {
        return decision.rule().map(rule -> "rule '" + rule + "' asks for the share; ").orElse("");
    }

    private static String noKey(GateDecision decision) {
        return decision.key() instanceof GateDecision.Key.TooLong
                ? "the key is over 1,024 bytes and counts as missing; "
                : "the request has no key; ";
    }

    private static String missingKey(GateDecision decision) {
        return decision.share().isAll()
                ? "at a share of 100 % every request is in"
                : "the policy for a missing key is LEGACY";
    }

    private static String byShare(GateDecision decision) {
        PartsPerMillion share = decision.share();
        int bucket = decision.bucket().orElse(PartsPerMillion.WHOLE);
        return "bucket "
                + bucket
                + " is "
                + (share.contains(bucket) ? "below" : "not below")
                + " the share "
                + share.value()
                + " ("
                + share.percent()
                + ")";
    }

    private static String carriedBucket(GateDecision decision) {
        return decision.bucket().isPresent()
                ? " (bucket " + decision.bucket().getAsInt() + ")"
                : "";
    }
}
