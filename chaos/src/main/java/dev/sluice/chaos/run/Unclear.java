package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what only the values of variables show to be wrong, before anything is injected: tolerances
 * that are none with them, and calls of Python for which the experiment does not say all.
 * Stateless.
 */
public final class Unclear {
    private Unclear() {}

    /** Every problem, at the place of its activity. */
    public static List<Problem> in(Experiment experiment, Activities activities) {
        List<Problem> problems = new ArrayList<>();
        List<Activity> probes =
                experiment.hypothesis().map(Experiment.Hypothesis::probes).orElse(List.of());
        for (Activity activity :
                Stream.of(probes, experiment.method(), experiment.rollbacks())
                        .flatMap(List::stream)
                        .toList()) {
            activities
                    .refused(activity)
                    .ifPresent(refused ->
                            problems.add(
                                    new Problem(
                                            activity.place() + " '" + activity.name() + "'",
                                            refused.got(),
                                            refused.expected(),
                                            refused.remedy())));
        }
        Stream.of(probes, experiment.settings().stop(), experiment.settings().expect())
                .flatMap(List::stream)
                .forEach(probe -> tolerance(probe, activities).ifPresent(problems::add));
        return problems;
    }

    private static Optional<Problem> tolerance(Activity probe, Activities activities) {
        return probe.tolerance()
                .filter(tolerance -> activities.tolerance(tolerance).isEmpty())
                .map(_ ->
                        new Problem(
                                probe.place() + ".tolerance",
                                "a tolerance that can't be read with the values of its variables",
                                "a truth value, a whole number, a text, a list, or an object with"
                                        + " a type",
                                "correct the variables"));
    }
}
