package dev.sluice.control.judge;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What no judge can beat where errors fall on 2 % of 5,000 keys, 0.1 % of requests on the legacy
 * arm and 1.1 % on the new one, in a ramp as {@link SimulatedRamp} walks it. A judge that is right
 * about all arms alike, whatever their keys do, can go by nothing but where keys landed, since the
 * share alone decides that. Among such tests the likelihood ratio that knows both rates, and which
 * part of the keys can err, is the most powerful at each number of candidate requests (Neyman and
 * Pearson, 1933): its power there bounds the part of ramps that any judge can have taken back by
 * then. Prints a table; {@code docs/reference/judge.md} keeps a run. Owned by one run.
 *
 * <pre>arguments: [ramps = 300] [seed = 3] [placements of keys for each p-value = 1500]</pre>
 */
final class JudgeBound {
    private static final int KEYS = 5_000;
    private static final double PART = 0.02;
    private static final double LEGACY_RATE = 0.001 / PART;
    private static final double NEW_RATE = 0.011 / PART;
    private static final int STEP_SECONDS = 200;
    private static final int MEAN_LOAD = 500;
    private static final int LOAD_PERIOD_SECONDS = 700;
    private static final int[] AT = {400, 600, 1_000, 1_500, 2_000, 2_500};
    private static final double[] LEVELS = {0.01, 0.005};

    /** Where a key is: new from the first step on, from the second on, or later. */
    private static final double[] PLACES = {0.01, 0.04, 0.95};

    private final RandomGenerator random;
    private final int placements;
    private final int[] bucket = new int[KEYS];
    private final boolean[] erring = new boolean[KEYS];
    private final int[][] requests = new int[2][KEYS];
    private final int[][] errors = new int[2][KEYS];

    private JudgeBound(RandomGenerator random, int placements) {
        this.random = random;
        this.placements = placements;
    }

    public static void main(String[] arguments) {
        int ramps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3;
        int placements = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_500;
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        int[][] found = new int[AT.length][LEVELS.length];
        for (int ramp = 0; ramp < ramps; ramp++) {
            double[] values = new JudgeBound(random, placements).ramp();
            for (int i = 0; i < AT.length; i++) {
                for (int level = 0; level < LEVELS.length; level++) {
                    found[i][level] += values[i] <= LEVELS[level] ? 1 : 0;
                }
            }
        }
        System.out.println("| candidate requests | at level 1 % | at level 0.5 % |");
        System.out.println("|---|---|---|");
        for (int i = 0; i < AT.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.0f %% | %.0f %% |%n",
                    AT[i],
                    100.0 * found[i][0] / ramps,
                    100.0 * found[i][1] / ramps);
        }
    }

    /** The p-values of one ramp, at each number of candidate requests. */
    double[] ramp() {
        double[] values = new double[AT.length];
        Arrays.setAll(bucket, _ -> random.nextInt(1_000_000));
        for (int key = 0; key < KEYS; key++) {
            erring[key] = random.nextDouble() < PART;
        }
        long candidates = 0;
        int next = 0;
        for (int second = 0; second < 2 * STEP_SECONDS; second++) {
            int step = second / STEP_SECONDS;
            double drift = 1 + 0.5 * Math.sin(2 * Math.PI * second / LOAD_PERIOD_SECONDS);
            for (int i = 0; i < (int) (MEAN_LOAD * drift); i++) {
                candidates += request(step) ? 1 : 0;
                if (candidates >= AT[next]) {
                    values[next++] = pValue(step);
                    if (next == AT.length) {
                        return values;
                    }
                }
            }
        }
        throw new IllegalStateException("two steps have fewer candidate requests than " + AT[next]);
    }

    /** One request; whether the new arm answered it. */
    private boolean request(int step) {
        int key = random.nextInt(KEYS);
        boolean fresh = bucket[key] < SimulatedRamp.SHARES[step];
        requests[step][key]++;
        if (erring[key] && random.nextDouble() < (fresh ? NEW_RATE : LEGACY_RATE)) {
            errors[step][key]++;
        }
        return fresh;
    }

    /** How often keys placed by chance alone have a likelihood ratio as large. */
    private double pValue(int step) {
        double[][] logs = new double[PLACES.length][KEYS];
        double rest = 0;
        double seen = 0;
        int last = PLACES.length - 1;
        for (int key = 0; key < KEYS; key++) {
            double[] ratios = ratios(key, step);
            for (int place = 0; place < PLACES.length; place++) {
                logs[place][key] = Math.log(ratios[place]);
            }
            rest += logs[last][key];
            seen += logs[place(bucket[key] / 1e6)][key];
        }
        int asLarge = 0;
        for (int i = 0; i < placements; i++) {
            asLarge += placed(logs, rest) >= seen - 1e-9 ? 1 : 0;
        }
        return (asLarge + 1.0) / (placements + 1);
    }

    /** Likelihood of what a key did where it may be, over the mean of all places. */
    private double[] ratios(int key, int step) {
        double[] likelihood = new double[PLACES.length];
        double mean = 0;
        for (int place = 0; place < PLACES.length; place++) {
            double of = 1;
            for (int before = 0; before <= step; before++) {
                double rate = place <= before ? NEW_RATE : LEGACY_RATE;
                int failed = errors[before][key];
                of *= Math.pow(rate, failed) * Math.pow(1 - rate, requests[before][key] - failed);
            }
            boolean failedNever = errors[0][key] + errors[1][key] == 0;
            likelihood[place] = PART * of + (failedNever ? 1 - PART : 0);
            mean += PLACES[place] * likelihood[place];
        }
        for (int place = 0; place < PLACES.length; place++) {
            likelihood[place] /= mean;
        }
        return likelihood;
    }

    /**
     * The log of the ratio with every key placed anew; few are elsewhere than in the last place.
     */
    private double placed(double[][] logs, double rest) {
        int last = PLACES.length - 1;
        double moved = 1 - PLACES[last];
        double log = rest;
        double scale = Math.log1p(-moved);
        for (int key = skip(scale); key < KEYS; key += 1 + skip(scale)) {
            log += logs[place(moved * random.nextDouble())][key] - logs[last][key];
        }
        return log;
    }

    private int skip(double scale) {
        return (int) Math.min(KEYS, Math.log(1 - random.nextDouble()) / scale);
    }

    private static int place(double part) {
        return part < PLACES[0] ? 0 : part < PLACES[0] + PLACES[1] ? 1 : 2;
    }
}
