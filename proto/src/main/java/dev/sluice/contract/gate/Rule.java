package dev.sluice.contract.gate;

import dev.sluice.contract.match.RequestMatch;
import java.util.Optional;

/**
 * One rule of a gate: for requests like {@code match}, the outcome. The first rule that matches
 * decides. Immutable.
 *
 * @param name for explanations, unique within the gate
 * @param match which requests
 * @param cohort whose requests, beside {@code match}; empty: everybody's
 * @param outcome what they get
 */
public record Rule(String name, RequestMatch match, Optional<CohortMatch> cohort, Outcome outcome) {
    /** For everybody's requests. */
    public Rule(String name, RequestMatch match, Outcome outcome) {
        this(name, match, Optional.empty(), outcome);
    }

    /** The same for others. */
    public Rule withCohort(Optional<CohortMatch> other) {
        return new Rule(name, match, other, outcome);
    }

    /** What a rule decides. */
    public sealed interface Outcome {
        /**
         * Puts the request in or keeps it out: NEW is mode {@code to}, LEGACY is mode {@code from}.
         * A rule that fixes LEGACY blocks the end of a migration.
         */
        record Fixed(Arm arm) implements Outcome {}

        /** The gate's share over its bucketing key. */
        record ByShare() implements Outcome {}
    }
}
