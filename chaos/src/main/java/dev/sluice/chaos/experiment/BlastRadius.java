package dev.sluice.chaos.experiment;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits that are checked before anything is injected, and kept while it is. Immutable.
 *
 * @param place where it stands in the file, for problems
 * @param duration longest time that faults may be on
 * @param toxicity largest share of connections that a toxic may bite, above 0, at most 1
 * @param share largest percentage of an arm's attempts that its faults may meet together, above 0,
 *     at most 100
 * @param requests most attempts that all faults may meet together, 1 or more
 * @param errors most answers of 5xx that users may get from the sidecars meanwhile, 0 or more
 */
public record BlastRadius(
        String place,
        Optional<Duration> duration,
        Optional<Double> toxicity,
        Optional<Double> share,
        OptionalLong requests,
        OptionalLong errors) {
    /** No limits. */
    public static final BlastRadius NONE =
            new BlastRadius(
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
}
