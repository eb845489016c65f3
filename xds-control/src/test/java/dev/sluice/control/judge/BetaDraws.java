package dev.sluice.control.judge;

import java.util.random.RandomGenerator;

/** Draws from beta distributions, each of two gamma ones (Marsaglia and Tsang 2000). Stateless. */
final class BetaDraws {
    private BetaDraws() {}

    /**
     * One draw, 0..1, with the mean a / (a + b).
     *
     * @param a above 0
     * @param b above 0
     */
    static double of(double a, double b, RandomGenerator random) {
        double first = gamma(a, random);
        double second = gamma(b, random);
        return first == 0 ? 0 : first / (first + second);
    }

    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double cube = Math.pow(1 + c * normal, 3);
            if (cube > 0
                    && Math.log(1 - random.nextDouble())
                            < normal * normal / 2 + d * (1 - cube + Math.log(cube))) {
                return d * cube;
            }
        }
    }
}
