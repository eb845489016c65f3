package dev.sluice.e2e.simulation.trouble;

import java.time.Duration;

/**
 * A trouble of a run. Immutable.
 *
 * @param number from 1, in the order of their times
 * @param at since the start of the run
 */
public record Planned(int number, Duration at, Trouble trouble) {
    @Override
    public String toString() {
        return "#" + number + " at " + at.toMillis() + " ms: " + trouble;
    }
}
