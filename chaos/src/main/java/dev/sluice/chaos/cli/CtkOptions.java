package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.run.CtkSettings;
import dev.sluice.chaos.run.Profile;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the Chaos Toolkit's command line decides in place of the file; for its profile only. */
final class CtkOptions {
    private static final List<String> DRY = List.of("probes", "actions", "activities", "pause");
    private static final int LONGEST_SECONDS = 3_600;

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

    @Option(
            names = "--dry",
            paramLabel = "WORD",
            description = {
                "With --profile ctk: what is left out as if it had succeeded.",
                "probes, actions, activities or pause"
            })
    private Optional<String> dry = Optional.empty();

    @Option(
            names = "--hypothesis-frequency",
            paramLabel = "SECONDS",
            description = {
                "With --profile ctk: between two looks beside the method, with a strategy of",
                "during-method-only or continuously. Default: 1"
            })
    private Optional<Double> frequency = Optional.empty();

    @Option(
            names = "--fail-fast",
            description = "With --profile ctk: the first such look that misses ends the method")
    private boolean failFast;

    /** What is wrong with them for a run of this profile. */
    List<Problem> problems(Profile profile) {
        Problems problems = Problems.root();
        check("--dry", dry, DRY, profile, problems);
        strictHasNo("--hypothesis-frequency", frequency.isPresent(), profile, problems);
        strictHasNo("--fail-fast", failFast, profile, problems);
        frequency
                .filter(seconds -> !(seconds >= 0 && seconds <= LONGEST_SECONDS))
                .ifPresent(seconds ->
                        problems.field("--hypothesis-frequency")
                                .add(seconds.toString(), "0..3600 seconds", "correct it"));
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
        strictHasNo(option, word.isPresent(), profile, problems);
        word.filter(given -> !words.contains(given))
                .ifPresent(given ->
                        problems.field(option)
                                .add(
                                        Problem.quote(given),
                                        "one of " + String.join(", ", words),
                                        "correct it"));
    }

    private static void strictHasNo(
            String option, boolean given, Profile profile, Problems problems) {
        if (given && profile != Profile.CTK) {
            problems.field(option)
                    .add(
                            "profile strict, which does all, always looks and always rolls back",
                            "--profile ctk",
                            "leave the option out, or choose the profile");
        }
    }

    /** What is not about strategies. */
    CtkSettings settings() {
        return new CtkSettings(
                dry.map(word -> CtkSettings.Dry.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElse(CtkSettings.DEFAULT.dry()),
                frequency
                        .map(seconds -> Duration.ofNanos((long) (seconds * 1e9)))
                        .orElse(CtkSettings.DEFAULT.frequency()),
                failFast ? CtkSettings.OnMiss.END : CtkSettings.OnMiss.GO_ON);
    }

    /** The experiment with these strategies. */
    Experiment in(Experiment experiment) {
        return experiment.withStrategies(
                rollback.orElse(experiment.rollbackStrategy()),
                hypothesis.orElse(experiment.hypothesisStrategy()));
    }
}
