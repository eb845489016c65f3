package dev.sluice.control.judge;

/**
 * The mathematics of the judge: e-processes and confidence sequences of Bernoulli events by
 * mixtures. All are valid at every look: under the null, the probability that an e-process ever
 * reaches 1/alpha is at most alpha (Ville, 1939). Exact arithmetic of {@link StrictMath}, so that
 * the same counts give the same bits on every machine. Stateless.
 */
final class Likelihood {
    /** Beyond this an e-value says no more; keeps it a number that can be written down. */
    private static final double LARGEST = 1e300;

    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-06,
        1.5056327351493116e-7
    };

    /**
     * Prior of an error rate: weight near 0, mean 1 %. It keeps bounds tight where errors are few.
     */
    private static final double PRIOR_ERRORS = 0.5;

    private static final double PRIOR_OTHERS = 50;
    private static final double UNIFORM = 1;

    /** From half as much again to broken for every key; each is near enough to its neighbours. */
    private static final double[] ODDS = {1.5, 2.5, 4, 7, 12, 20, 40, 150};

    private static final int BISECTIONS = 60;

    private Likelihood() {}

    /**
     * e-value of "more than the part {@code p} of the events is in the first class": the mean, over
     * alternatives whose odds are {@link #ODDS} times those of the null, of the likelihood of the
     * counts under the alternative over that under {@code p}.
     *
     * @param first events in the first class
     * @param second events in the second
     * @param p 0..1 exclusive
     */
    static double excess(long first, long second, double p) {
        double[] logs = new double[ODDS.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ODDS.length; i++) {
            double scale = p * ODDS[i] + (1 - p);
            logs[i] = first * StrictMath.log(ODDS[i] / scale) - second * StrictMath.log(scale);
            largest = Math.max(largest, logs[i]);
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - largest);
        }
        return bounded(largest + StrictMath.log(sum / ODDS.length));
    }

    /** e-value of "another part than {@code p} is in the first class", in either direction. */
    static double mismatch(long first, long second, double p) {
        double log =
                logBeta(first + UNIFORM, second + UNIFORM)
                        - first * StrictMath.log(p)
                        - second * StrictMath.log1p(-p);
        return bounded(log);
    }

    /** Largest rate that {@code events} of {@code trials} do not exclude at level {@code alpha}. */
    static double upperRate(long events, long trials, double alpha) {
        if (trials == 0) {
            return 1;
        }
        return boundary(events, trials, alpha, (double) events / trials, 1);
    }

    /**
     * Smallest rate that {@code events} of {@code trials} do not exclude at level {@code alpha}.
     */
    static double lowerRate(long events, long trials, double alpha) {
        if (trials == 0 || events == 0) {
            return 0;
        }
        return boundary(events, trials, alpha, (double) events / trials, 0);
    }

    /** Between a rate that is not excluded and an end that is, the point where exclusion begins. */
    private static double boundary(
            long events, long trials, double alpha, double inside, double outside) {
        double in = inside;
        double out = outside;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (in + out) / 2;
            if (logMixture(events, trials, middle) < -StrictMath.log(alpha)) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return out;
    }

    /** Log of the likelihood under the prior over that under {@code rate}. */
    private static double logMixture(long events, long trials, double rate) {
        long others = trials - events;
        double ofRate =
                (events == 0 ? 0 : events * StrictMath.log(rate))
                        + (others == 0 ? 0 : others * StrictMath.log1p(-rate));
        return logBeta(PRIOR_ERRORS + events, PRIOR_OTHERS + others)
                - logBeta(PRIOR_ERRORS, PRIOR_OTHERS)
                - ofRate;
    }

    private static double bounded(double log) {
        return Math.min(LARGEST, StrictMath.exp(Math.min(log, 700)));
    }

    static double logBeta(double a, double b) {
        return logGamma(a) + logGamma(b) - logGamma(a + b);
    }

    /** Lanczos (1964), g = 7, n = 9; relative error below 1e-13 for x of at least 0.5. */
    static double logGamma(double x) {
        double shifted = x - 1;
        double t = shifted + 7.5;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (shifted + i);
        }
        return 0.5 * StrictMath.log(2 * Math.PI)
                + (shifted + 0.5) * StrictMath.log(t)
                - t
                + StrictMath.log(sum);
    }

    /** I_x(a, b), by the continued fraction of NIST DLMF 8.17.22 (modified Lentz). */
    static double regularizedBeta(double x, double a, double b) {
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - regularizedBeta(1 - x, b, a);
        }
        double front =
                StrictMath.exp(a * StrictMath.log(x) + b * StrictMath.log1p(-x) - logBeta(a, b))
                        / a;
        return front / continuedFraction(x, a, b);
    }

    private static double continuedFraction(double x, double a, double b) {
        double tiny = 1e-300;
        double f = 1;
        double c = 1;
        double d = 0;
        for (int i = 1; i <= 5_000; i++) {
            int m = i / 2;
            double term =
                    i % 2 == 0
                            ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                            : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + term * d;
            d = 1 / (Math.abs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            c = Math.abs(c) < tiny ? tiny : c;
            f *= c * d;
            if (Math.abs(1 - c * d) < 1e-15) {
                break;
            }
        }
        return f;
    }
}
