package dev.sluice.demo.load;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Users by popularity: user k is asked for with a probability in proportion to 1/rank(k)^skew.
 * Immutable.
 */
final class Zipf {
    private final double[] cumulative;
    private final int[] byRank;

    /**
     * @param users 1..
     * @param skew 0 is uniform, 1 is classic
     * @param random shuffles users over ranks, so that popularity and number are independent
     */
    Zipf(int users, double skew, RandomGenerator random) {
        cumulative = new double[users];
        byRank = new int[users];
        double sum = 0;
        for (int rank = 0; rank < users; rank++) {
            sum += 1 / Math.pow(rank + 1.0, skew);
            cumulative[rank] = sum;
            int other = random.nextInt(rank + 1);
            byRank[rank] = byRank[other];
            byRank[other] = rank + 1;
        }
    }

    /** A user, 1..users. */
    int next(RandomGenerator random) {
        int found =
                Arrays.binarySearch(
                        cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
        return byRank[Math.min(found < 0 ? -found - 1 : found, byRank.length - 1)];
    }
}
