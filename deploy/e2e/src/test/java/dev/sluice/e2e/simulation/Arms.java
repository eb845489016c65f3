package dev.sluice.e2e.simulation;

import dev.sluice.contract.gate.Arm;
import java.util.random.RandomGenerator;

/** How often the two versions fail just now. Used by one thread. */
final class Arms {
    private static final double ALWAYS = 0.002;

    private double onNew;
    private double onLegacy;

    void fail(double rateOnNew, double rateOnLegacy) {
        onNew = rateOnNew;
        onLegacy = rateOnLegacy;
    }

    boolean fails(Arm arm, RandomGenerator random) {
        return random.nextDouble() < Math.max(ALWAYS, arm == Arm.NEW ? onNew : onLegacy);
    }
}
