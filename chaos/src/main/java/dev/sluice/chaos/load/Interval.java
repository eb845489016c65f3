package dev.sluice.chaos.load;

/**
 * The ordinary numbers of successes of a binomial distribution. Immutable.
 *
 * @param low fewest
 * @param high most
 */
record Interval(int low, int high) {
    /**
     * The interval that is left when as much as possible, but at most half of what is not covered,
     * is cut off at each end.
     *
     * @param trials 0 or more
     * @param probability of a success, 0..1
     * @param coverage such as 0.999
     */
    static Interval of(int trials, double probability, double coverage) {
        if (probability <= 0 || trials == 0) {
            return new Interval(0, 0);
        }
        if (probability >= 1) {
            return new Interval(trials, trials);
        }
        double cut = (1 - coverage) / 2;
        return new Interval(
                fewest(trials, probability, cut), trials - fewest(trials, 1 - probability, cut));
    }

    /** The first number that can't be cut off from below, summed in logarithms step by step. */
    private static int fewest(int trials, double probability, double cut) {
        double odds = Math.log(probability) - Math.log1p(-probability);
        double log = trials * Math.log1p(-probability);
        double below = Math.exp(log);
        int successes = 0;
        while (below <= cut && successes < trials) {
            log += Math.log((double) (trials - successes) / (successes + 1)) + odds;
            successes++;
            below += Math.exp(log);
        }
        return successes;
    }

    boolean contains(int successes) {
        return low <= successes && successes <= high;
    }
}
