package dev.sluice.control.judge;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.spec.JudgePolicy;
import java.util.OptionalLong;

/**
 * What it takes to show a step NON_INFERIOR when the versions are alike: the least numbers of
 * distinct keys at which the bound on their difference comes within the margin. Immutable.
 *
 * @param margin what the difference must be shown to be at most, 0..1
 * @param keys on both arms together; empty beyond {@link #MOST_KEYS}, where the step is better left
 *     by a person's approval
 * @param freshKeys of these, on the new arm
 */
public record Reach(double margin, OptionalLong keys, OptionalLong freshKeys) {
    /** Beyond this nobody waits for a verdict. */
    public static final long MOST_KEYS = 1_000_000_000;

    /**
     * Of a step.
     *
     * @param share 1..1,000,000; at 100 % the keys of the new arm, with a baseline of as many
     * @param errorRate part of the keys that err on either arm during the step, 0..1
     */
    public static Reach of(JudgePolicy policy, PartsPerMillion share, double errorRate) {
        double margin = Reading.margin(policy, share);
        double part = share.isAll() ? 0.5 : (double) share.value() / PartsPerMillion.WHOLE;
        long most = MOST_KEYS;
        if (!reaches(policy, most, part, errorRate, margin)) {
            return new Reach(margin, OptionalLong.empty(), OptionalLong.empty());
        }
        long few = 0;
        long enough = most;
        while (enough - few > 1) {
            long middle = few + (enough - few) / 2;
            if (reaches(policy, middle, part, errorRate, margin)) {
                enough = middle;
            } else {
                few = middle;
            }
        }
        long fresh = Math.round(enough * part);
        return new Reach(
                margin, OptionalLong.of(share.isAll() ? fresh : enough), OptionalLong.of(fresh));
    }

    private static boolean reaches(
            JudgePolicy policy, long keys, double part, double rate, double margin) {
        long fresh = Math.round(keys * part);
        long legacy = keys - fresh;
        double alpha = Reading.PROMOTION_ALPHA / 2;
        return fresh >= policy.minKeys()
                && fresh > 0
                && Likelihood.upperRate(Math.round(fresh * rate), fresh, alpha)
                                - Likelihood.lowerRate(Math.round(legacy * rate), legacy, alpha)
                        <= margin;
    }
}
