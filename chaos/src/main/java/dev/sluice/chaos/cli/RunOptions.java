package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.cli.VariableOptions.Given;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Variables;
import dev.sluice.chaos.report.HtmlPage;
import dev.sluice.chaos.report.Sarif;
import dev.sluice.chaos.report.Summary;
import dev.sluice.chaos.run.CtkRunner;
import dev.sluice.chaos.run.GuardProcess;
import dev.sluice.chaos.run.Means;
import dev.sluice.chaos.run.Overlaps;
import dev.sluice.chaos.run.Profile;
import dev.sluice.chaos.run.Result;
import dev.sluice.chaos.run.Runner;
import dev.sluice.chaos.run.Unclear;
import dev.sluice.chaos.run.Unreachable;
import dev.sluice.chaos.run.Verdict;
import dev.sluice.chaos.telemetry.ActiveFaults;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How experiments are run, and the run itself. */
final class RunOptions {
    @Option(
            names = "--journal-path",
            paramLabel = "FILE",
            description = "Where the journal goes. Default: ${DEFAULT-VALUE}")
    private Path journal = Path.of("journal.json");

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Also write a JUnit XML report, which CI systems show")
    private Optional<Path> junit = Optional.empty();

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write a summary in Markdown, for pull requests")
    private Optional<Path> markdown = Optional.empty();

    @Option(
            names = "--sarif",
            paramLabel = "FILE",
            description = "Also write what was not right in SARIF, which code review shows")
    private Optional<Path> sarif = Optional.empty();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write one HTML page; with load, see `report`")
    private Optional<Path> html = Optional.empty();

    @Option(
            names = "--profile",
            description =
                    "strict, or ctk for the verdicts of the Chaos Toolkit. Default: ${DEFAULT-VALUE}")
    private Profile profile = Profile.STRICT;

    @Mixin private VariableOptions variables = new VariableOptions();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Default: the file's, else a new one")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--allow-production",
            description = "Run also an experiment whose `environment` is production")
    private boolean production;

    @Mixin private CtkOptions ctk = new CtkOptions();

    @Mixin private TelemetryOptions telemetry = new TelemetryOptions();

    void seedOf(long journalSeed) {
        seed = Optional.of(seed.orElse(journalSeed));
    }

    static ExitCode refuse(List<Problem> problems, CommandLine command) {
        problems.forEach(problem -> command.getErr().println(problem.message()));
        return ExitCode.INVALID;
    }

    ExitCode run(Experiment experiment, CommandLine command) throws IOException {
        experiment.notices().forEach(notice -> command.getErr().println("notice: " + notice));
        long chosen =
                seed.or(() -> experiment.settings().seed())
                        .orElseGet(() -> new SecureRandom().nextLong());
        Parsed<Given> read = variables.read();
        if (!(read instanceof Parsed.Ok<Given>(Given given))) {
            return refuse(read.problems(), command);
        }
        Map<String, JsonNode> known = new LinkedHashMap<>();
        known.put(Substitution.SEED, TextNode.valueOf(Long.toUnsignedString(chosen)));
        known.putAll(given.values());
        Parsed<Substitution> values = Variables.of(experiment, known, given.wholeEnvironment());
        if (!(values instanceof Parsed.Ok<Substitution>(Substitution found))) {
            return refuse(placed(values.problems(), experiment), command);
        }
        List<Problem> wrong = new ArrayList<>(telemetry.problems());
        wrong.addAll(ctk.problems(profile));
        if (!wrong.isEmpty()) {
            return refuse(wrong, command);
        }
        Optional<Problem> environment = Production.refused(experiment, found, production);
        if (environment.isPresent()) {
            return refuse(List.of(environment.get()), command);
        }
        try (Activities activities = new Activities(found, given.environment())) {
            List<Problem> unclear = Unclear.in(experiment, activities);
            if (!unclear.isEmpty()) {
                return refuse(unclear, command);
            }
            if (profile == Profile.CTK) {
                return ctk(experiment, activities, chosen, command);
            }
            Parsed<Plan> planned = Plan.of(experiment, found, runName(), chosen);
            if (!(planned instanceof Parsed.Ok<Plan>(Plan plan))) {
                return refuse(planned.problems(), command);
            }
            List<Problem> unfit = new ArrayList<>(Unreachable.in(experiment, activities));
            if (unfit.isEmpty()) {
                unfit.addAll(Overlaps.of(experiment, plan, activities));
            }
            return unfit.isEmpty()
                    ? strict(experiment, activities, plan, chosen, command)
                    : refuse(unfit, command);
        }
    }

    private ExitCode ctk(
            Experiment experiment, Activities activities, long chosen, CommandLine command)
            throws IOException {
        if (!experiment.settings().faults().isEmpty()) {
            command.getErr().println("notice: sluice.faults are not injected in the ctk profile");
        }
        RealWaits waits = new RealWaits();
        CtkRunner runner =
                new CtkRunner(ctk.in(experiment), activities, waits, ctk.settings(), chosen);
        try (SignalledRun run = new SignalledRun(runner::interrupt, waits, ExitCode.DEVIATED)) {
            return report(experiment, run.run(runner::run), command);
        }
    }

    private ExitCode strict(
            Experiment experiment,
            Activities activities,
            Plan plan,
            long chosen,
            CommandLine command)
            throws IOException {
        RealWaits waits = new RealWaits();
        ActiveFaults faults = new ActiveFaults();
        Means means = new Means(activities, plan, new GuardProcess(), waits, faults);
        Runner runner = new Runner(experiment, means, chosen);
        try (TelemetryOptions.Page _ = telemetry.page(experiment, faults, command);
                SignalledRun run =
                        new SignalledRun(runner::interrupt, waits, ExitCode.INTERRUPTED)) {
            return report(experiment, run.run(runner::run), command);
        }
    }

    private static List<Problem> placed(List<Problem> problems, Experiment experiment) {
        return problems.stream()
                .map(problem ->
                        new Problem(
                                experiment.places().place(problem.path()),
                                problem.got(),
                                problem.expected(),
                                problem.remedy()))
                .toList();
    }

    /** A word that no other run has. */
    private static String runName() {
        return HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }

    private ExitCode report(Experiment experiment, Result result, CommandLine command)
            throws IOException {
        result.journal().write(journal);
        Summary summary = Summary.of(result.journal().json());
        if (junit.isPresent()) {
            Files.writeString(junit.get(), summary.junit());
        }
        if (markdown.isPresent()) {
            Files.writeString(markdown.get(), summary.markdown());
        }
        if (sarif.isPresent()) {
            Files.writeString(sarif.get(), Sarif.of(experiment, summary));
        }
        if (html.isPresent()) {
            Files.writeString(html.get(), HtmlPage.of(result.journal().json(), Optional.empty()));
        }
        tell(experiment, result, command.getOut());
        telemetry.send(result.journal().json(), command);
        return profile == Profile.CTK
                ? result.failed() ? ExitCode.DEVIATED : ExitCode.PASSED
                : exitCode(result.verdict());
    }

    private static void tell(Experiment experiment, Result result, PrintWriter out) {
        out.println(experiment.title() + ": " + result.verdict());
        result.reasons().forEach(reason -> out.println("  " + reason));
    }

    private static ExitCode exitCode(Verdict verdict) {
        return switch (verdict) {
            case NOT_RESTORED -> ExitCode.NOT_RESTORED;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
            case ABORTED -> ExitCode.ABORTED;
            case NOT_STEADY -> ExitCode.NOT_STEADY;
            case DEVIATED -> ExitCode.DEVIATED;
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
            case PASSED -> ExitCode.PASSED;
        };
    }
}
