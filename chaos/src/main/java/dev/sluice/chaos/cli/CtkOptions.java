package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.run.Profile;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the Chaos Toolkit's command line decides in place of the file; for its profile only. */
final class CtkOptions {
    @Option(
            names = "--rollback-strategy",
            paramLabel = "WORD",
            description = {
                "With --profile ctk: when rollbacks run, in place of the file's word.",
                "default, always, never or deviated"
            })
    private Optional<String> rollback = Optional.empty();

    @Option(
            names = "--hypothesis-strategy",
            paramLabel = "WORD",
            description = {
                "With --profile ctk: when the steady state is asked, in place of the file's word.",
                "default, before-method-only, after-method-only, during-method-only, continuously"
            })
    private Optional<String> hypothesis = Optional.empty();

    /** What is wrong with them for a run of this profile. */
    List<Problem> problems(Profile profile) {
        Problems problems = Problems.root();
        check("--rollback-strategy", rollback, Experiment.ROLLBACK_STRATEGIES, profile, problems);
        check(
                "--hypothesis-strategy",
                hypothesis,
                Experiment.HYPOTHESIS_STRATEGIES,
                profile,
                problems);
        return problems.all();
    }

    private static void check(
            String option,
            Optional<String> word,
            List<String> words,
            Profile profile,
            Problems problems) {
        if (word.isPresent() && profile != Profile.CTK) {
            problems.field(option)
                    .add(
                            "profile strict, which always looks and always rolls back",
                            "--profile ctk",
                            "leave the option out, or choose the profile");
        }
        word.filter(given -> !words.contains(given))
                .ifPresent(given ->
                        problems.field(option)
                                .add(
                                        Problem.quote(given),
                                        "one of " + String.join(", ", words),
                                        "correct it"));
    }

    /** The experiment with these strategies. */
    Experiment in(Experiment experiment) {
        return experiment.withStrategies(
                rollback.orElse(experiment.rollbackStrategy()),
                hypothesis.orElse(experiment.hypothesisStrategy()));
    }
}
