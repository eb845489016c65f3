package dev.sluice.control.judge;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.spec.JudgePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The judge asked about two parts of one arm, which no version tells apart: whatever it finds is a
 * false alarm. The keys are split anew by each of {@link #SPLITS} salts, which neither the bucket
 * of a gate nor the cells of its evidence know; the tests and the probability that they may spend
 * are those of a ramp of one step. Immutable.
 *
 * @param splits one for each salt
 */
public record SelfCheck(List<Split> splits) {
    /** Salts for each gate. */
    public static final int SPLITS = 16;

    /** e-value at which a test alarms. */
    public static final double LIMIT = 2.0 * PartsPerMillion.WHOLE / JudgePolicy.DEFAULT.alphaPpm();

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public SelfCheck {
        splits = List.copyOf(splits);
    }

    /**
     * What came of one salt.
     *
     * @param errorEValue of "keys of the part that plays the new arm err more"
     * @param slowEValue the same of slow answers
     * @param isAble whether there are keys enough that a test could alarm at all
     */
    public record Split(double errorEValue, double slowEValue, boolean isAble) {
        public boolean isAlarm() {
            return errorEValue >= LIMIT || slowEValue >= LIMIT;
        }
    }

    /**
     * Splits keys and tests each split.
     *
     * @param errors hashes of keys with an error
     * @param slow hashes of keys with a slow answer
     * @param part of the keys that plays the new arm; above none, below all
     */
    public static SelfCheck of(Set<Long> errors, Set<Long> slow, PartsPerMillion part) {
        double p = (double) part.value() / PartsPerMillion.WHOLE;
        boolean able =
                Likelihood.excess(errors.size(), 0, p) >= LIMIT
                        || Likelihood.excess(slow.size(), 0, p) >= LIMIT;
        List<Split> splits = new ArrayList<>();
        for (int salt = 0; salt < SPLITS; salt++) {
            splits.add(new Split(excess(errors, salt, part, p), excess(slow, salt, part, p), able));
        }
        return new SelfCheck(splits);
    }

    private static double excess(Set<Long> keys, int salt, PartsPerMillion part, double p) {
        long first = keys.stream().filter(key -> isFirst(key, salt, part)).count();
        return Likelihood.excess(first, keys.size() - first, p);
    }

    /** Whether a salt puts a key in the part that plays the new arm. */
    static boolean isFirst(long key, int salt, PartsPerMillion part) {
        return Long.remainderUnsigned(mixed(key + (salt + 1) * GOLDEN), PartsPerMillion.WHOLE)
                < part.value();
    }

    /** Finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable generators, 2014). */
    private static long mixed(long bits) {
        long once = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
