package dev.sluice.control.evidence;

import dev.sluice.control.change.JudgedStep.JudgedArm;

/**
 * What one arm of a gate did under one revision, over all sidecars. Immutable.
 *
 * @param keysAtLeast lower bound of the distinct keys: several sidecars may have seen the same
 * @param keysAtMost upper bound of them; equal with one sidecar
 * @param errorKeys distinct keys with an error; exact unless {@code overflow} is above 0
 * @param slowKeys distinct keys with a slow answer, likewise
 * @param share requests decided by share
 * @param other requests decided otherwise
 */
public record ArmEvidence(
        long keysAtLeast,
        long keysAtMost,
        long errorKeys,
        long slowKeys,
        Outcomes share,
        Outcomes other,
        long fallbacks,
        LatencyHistogram latency,
        long overflow) {
    public static final ArmEvidence NONE =
            new ArmEvidence(0, 0, 0, 0, Outcomes.NONE, Outcomes.NONE, 0, LatencyHistogram.EMPTY, 0);

    /** What a verdict is made from. */
    public JudgedArm judged() {
        return new JudgedArm(
                keysAtLeast,
                keysAtMost,
                errorKeys,
                slowKeys,
                share.requests(),
                share.clientErrors(),
                share.serverErrors(),
                share.resets(),
                share.timeouts(),
                share.cancelled(),
                share.underFault(),
                fallbacks,
                other.requests(),
                overflow,
                latency.quantileMicros(0.5),
                latency.quantileMicros(0.99));
    }
}
