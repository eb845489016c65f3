package dev.sluice.control.change.spec;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a ramp: the walk of a gate or gate set through shares. Immutable; ranges are checked
 * by {@code lifecycle}.
 *
 * @param steps 1..50, ascending
 * @param baseline a ramp whose steps tell what legacy did, for a step of 100 %; without it this
 *     ramp's own steps do
 */
public record RampSpec(
        RampName name,
        ShareTarget target,
        List<Step> steps,
        JudgePolicy judge,
        Optional<RampName> baseline) {
    public RampSpec {
        steps = List.copyOf(steps);
    }

    /**
     * One share and how it is left.
     *
     * @param soak shortest stay, 0..30 d
     * @param maxSoak longest stay without a verdict before a person is asked, soak..90 d
     */
    public record Step(PartsPerMillion share, Duration soak, Duration maxSoak, Advance advance) {
        private static final Duration SHORTEST_MAX_SOAK = Duration.ofMinutes(1);

        /** Ten times the soak, at least one minute, at most 90 days. */
        public static Duration defaultMaxSoak(Duration soak) {
            Duration tenfold = soak.multipliedBy(10);
            Duration longest = Duration.ofDays(90);
            if (tenfold.compareTo(SHORTEST_MAX_SOAK) < 0) {
                return SHORTEST_MAX_SOAK;
            }
            return tenfold.compareTo(longest) > 0 ? longest : tenfold;
        }
    }

    /** How a step ends; DEGRADED takes back from each. */
    public enum Advance {
        /** By the verdict NON_INFERIOR after the soak. */
        JUDGED,
        /** By a person's AdvanceRamp after the soak. */
        APPROVED,
        /** By the soak alone. */
        TIMED
    }
}
