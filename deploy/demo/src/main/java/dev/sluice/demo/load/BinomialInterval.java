package dev.sluice.demo.load;

/**
 * The central interval of a binomial distribution: the fewest and the most successes of {@code
 * trials} that are still ordinary at the given coverage. Immutable.
 *
 * @param low fewest
 * @param high most
 */
record BinomialInterval(int low, int high) {
    /**
     * Exact, by summing probabilities from both ends.
     *
     * @param trials 0..
     * @param probability of a success, 0..1
     * @param coverage such as 0.999; half of the rest is cut off at each end
     */
    static BinomialInterval of(int trials, double probability, double coverage) {
        if (trials == 0 || probability <= 0) {
            return new BinomialInterval(0, 0);
        }
        if (probability >= 1) {
            return new BinomialInterval(trials, trials);
        }
        double tail = (1 - coverage) / 2;
        int low = 0;
        double below = Math.exp(logOf(trials, 0, probability));
        while (below < tail) {
            low++;
            below += Math.exp(logOf(trials, low, probability));
        }
        int high = trials;
        double above = Math.exp(logOf(trials, trials, probability));
        while (above < tail) {
            high--;
            above += Math.exp(logOf(trials, high, probability));
        }
        return new BinomialInterval(low, high);
    }

    boolean contains(int successes) {
        return low <= successes && successes <= high;
    }

    private static double logOf(int trials, int successes, double probability) {
        return logFactorial(trials)
                - logFactorial(successes)
                - logFactorial(trials - successes)
                + successes * Math.log(probability)
                + (trials - successes) * Math.log1p(-probability);
    }

    /** Stirling's series; exact enough (1e-10) from 10 on, summed below. */
    private static double logFactorial(int n) {
        if (n < 10) {
            double sum = 0;
            for (int i = 2; i <= n; i++) {
                sum += Math.log(i);
            }
            return sum;
        }
        double x = n + 1.0;
        return (x - 0.5) * Math.log(x)
                - x
                + 0.5 * Math.log(2 * Math.PI)
                + 1 / (12 * x)
                - 1 / (360 * x * x * x)
                + 1 / (1260 * Math.pow(x, 5));
    }
}
