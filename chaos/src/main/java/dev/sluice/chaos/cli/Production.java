package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings.Environment;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.contract.Problem;
import java.util.Optional;

/** Production is broken only by whoever says so on the command line too. */
final class Production {
    private Production() {}

    static Optional<Problem> refused(Experiment experiment, Substitution values, boolean allowed) {
        return experiment
                .settings()
                .environment()
                .filter(environment -> !allowed)
                .filter(environment ->
                        values.in(environment.name())
                                .asText()
                                .equalsIgnoreCase(Environment.PRODUCTION))
                .map(environment ->
                        new Problem(
                                environment.place(),
                                "production",
                                "another environment, or the allowance",
                                "add --allow-production, if this system is to be broken"));
    }
}
