package dev.sluice.control.judge;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.JudgedStep;

/**
 * How the probability of a false rollback is spent: over the steps of the ramp, more of it on the
 * early ones, where the most harm can still be avoided; then half on errors, the rest evenly over
 * slowness and the criteria that roll back; then evenly over the gates. The parts add up to no more
 * than the whole, so the whole holds for the ramp (union bound). Immutable.
 *
 * @param ofStep what one gate may spend on one step, 0..1
 * @param others how many tests share the half that errors leave
 */
record Alpha(double ofStep, int others) {

    static Alpha of(JudgedStep step, int gates, int criteria) {
        double whole = (double) step.policy().alphaPpm() / PartsPerMillion.WHOLE;
        double n = step.steps();
        double weight = (n + 1) / n / ((step.step() + 1.0) * (step.step() + 2.0));
        return new Alpha(whole * weight / gates, 1 + criteria);
    }

    double errors() {
        return ofStep / 2;
    }

    /** For slowness, and for each criterion. */
    double other() {
        return ofStep / 2 / others;
    }
}
