package dev.sluice.control.judge;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Simulated requests of sticky keys to both arms, with what the sidecars would count of them. Owned
 * by one run.
 */
final class Traffic {
    /** How often keys come, by their rank. */
    enum Keys {
        UNIFORM(0),
        ZIPF_08(0.8),
        ZIPF_10(1.0);

        private final double exponent;

        Keys(double exponent) {
            this.exponent = exponent;
        }
    }

    /** On which keys errors fall. */
    enum Errors {
        SPREAD(1, 0),
        ON_20_PERCENT_OF_KEYS(0.2, 0),
        ON_2_PERCENT_OF_KEYS(0.02, 0),
        CORRELATED_005(1, 0.05),
        CORRELATED_010(1, 0.1),
        CORRELATED_020(1, 0.2);

        private final double part;
        private final double correlation;

        /**
         * @param part of the keys that can err at all
         * @param correlation intra-class, between requests of one key to the new arm: each key has
         *     an error rate of its own, drawn from the beta distribution with this correlation; 0
         *     for the same rate for each key that can err
         */
        Errors(double part, double correlation) {
            this.part = part;
            this.correlation = correlation;
        }

        /** How much more than the mean one more key errs that can err. */
        private double proneness(double mean, RandomGenerator random) {
            if (correlation == 0) {
                return 1;
            }
            double both = 1 / correlation - 1;
            return BetaDraws.of(mean * both, (1 - mean) * both, random) / mean;
        }
    }

    /**
     * What is simulated.
     *
     * @param keys how many there are; 0 for a new key with each request
     * @param legacyErrors part of the requests of the legacy arm that err
     * @param newErrors the same of the new arm
     * @param newSlow part of the requests of the new arm that are slower than the p99 of the legacy
     *     arm, of which 1 % are
     */
    record Shape(
            int keys,
            Keys distribution,
            Errors errors,
            double legacyErrors,
            double newErrors,
            double newSlow) {}

    private static final double LEGACY_SLOW = 0.01;
    private static final int MILLION = 1_000_000;

    private final Shape shape;
    private final RandomGenerator random;
    private final Alias popularity;
    private final int[] bucket;

    /** How much more than another a key errs; 0 for never. */
    private final double[] prone;

    private final double meanProneness;
    private final byte[] seen;

    /** What stands for a key in what is counted: itself, or a number for its bucket. */
    private final int[] unit;

    /** Counts since the step began, legacy first. */
    final long[] keys = new long[2];

    final long[] requests = new long[2];
    final long[] errors = new long[2];
    final long[] errorKeys = new long[2];
    final long[] slowKeys = new long[2];

    /** As a sidecar counts that decides by keys. */
    static Traffic ofKeys(Shape shape, Alias popularity, RandomGenerator random) {
        return new Traffic(shape, popularity, random);
    }

    /** As a sidecar counts to which decisions are carried: keys of one bucket are one. */
    static Traffic ofBuckets(Shape shape, Alias popularity, RandomGenerator random) {
        Traffic traffic = new Traffic(shape, popularity, random);
        Map<Integer, Integer> firsts = new HashMap<>();
        for (int key = 0; key < traffic.bucket.length; key++) {
            traffic.unit[key] = firsts.merge(traffic.bucket[key], key, (first, _) -> first);
        }
        return traffic;
    }

    private Traffic(Shape shape, Alias popularity, RandomGenerator random) {
        this.shape = shape;
        this.random = random;
        this.popularity = popularity;
        int count = Math.max(1, shape.keys());
        bucket = new int[count];
        prone = new double[count];
        seen = new byte[count];
        unit = new int[count];
        Arrays.setAll(unit, key -> key);
        double weight = 0;
        for (int key = 0; key < count; key++) {
            bucket[key] = random.nextInt(MILLION);
            boolean errs = random.nextDouble() < shape.errors().part;
            prone[key] = errs ? shape.errors().proneness(shape.newErrors(), random) : 0;
            weight += popularity.weight(key) * prone[key];
        }
        meanProneness = shape.errors() == Errors.SPREAD ? 1 : weight;
    }

    static Alias popularity(int keys, Keys distribution) {
        double[] weights = new double[Math.max(1, keys)];
        Arrays.setAll(weights, rank -> Math.pow(rank + 1.0, -distribution.exponent));
        return new Alias(weights);
    }

    /** Another step: what was counted is counted anew. */
    void step() {
        for (long[] count : new long[][] {keys, requests, errors, errorKeys, slowKeys}) {
            Arrays.fill(count, 0);
        }
        Arrays.fill(seen, (byte) 0);
    }

    void request(int share) {
        int key = popularity.draw(random);
        boolean fresh = shape.keys() == 0;
        int arm = (fresh ? random.nextInt(MILLION) : bucket[key]) < share ? 1 : 0;
        byte known = fresh ? 0 : seen[unit[key]];
        requests[arm]++;
        keys[arm] += (known & 1) ^ 1;
        known |= 1;
        double rate = arm == 1 ? shape.newErrors() : shape.legacyErrors();
        if (prone[key] > 0 && random.nextDouble() * meanProneness < rate * prone[key]) {
            errors[arm]++;
            errorKeys[arm] += (known & 2) == 0 ? 1 : 0;
            known |= 2;
        }
        if (random.nextDouble() < (arm == 1 ? shape.newSlow() : LEGACY_SLOW)) {
            slowKeys[arm] += (known & 4) == 0 ? 1 : 0;
            known |= 4;
        }
        seen[unit[key]] = known;
    }

    /** Draws from weights in constant time (Walker 1977, Vose 1991). Immutable. */
    static final class Alias {
        private final double[] weights;
        private final double[] cut;
        private final int[] other;

        Alias(double... raw) {
            double sum = Arrays.stream(raw).sum();
            int n = raw.length;
            weights = new double[n];
            Arrays.setAll(weights, i -> raw[i] / sum);
            cut = new double[n];
            other = new int[n];
            Arrays.setAll(cut, i -> weights[i] * n);
            int[] small = new int[n];
            int[] large = new int[n];
            int smalls = 0;
            int larges = 0;
            for (int i = 0; i < n; i++) {
                other[i] = i;
                if (cut[i] < 1) {
                    small[smalls++] = i;
                } else {
                    large[larges++] = i;
                }
            }
            while (smalls > 0 && larges > 0) {
                int less = small[--smalls];
                int more = large[larges - 1];
                other[less] = more;
                cut[more] -= 1 - cut[less];
                if (cut[more] < 1) {
                    larges--;
                    small[smalls++] = more;
                }
            }
            while (smalls > 0) {
                cut[small[--smalls]] = 1;
            }
        }

        double weight(int index) {
            return weights[index];
        }

        int draw(RandomGenerator random) {
            int index = random.nextInt(cut.length);
            return random.nextDouble() < cut[index] ? index : other[index];
        }
    }
}
