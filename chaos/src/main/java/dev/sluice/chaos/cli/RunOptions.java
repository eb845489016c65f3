package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.cli.Preparation.Ready;
import dev.sluice.chaos.cli.VariableOptions.Given;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.report.HtmlPage;
import dev.sluice.chaos.report.Sarif;
import dev.sluice.chaos.report.Summary;
import dev.sluice.chaos.run.CtkRunner;
import dev.sluice.chaos.run.GuardProcess;
import dev.sluice.chaos.run.Means;
import dev.sluice.chaos.run.Profile;
import dev.sluice.chaos.run.Result;
import dev.sluice.chaos.run.Runner;
import dev.sluice.chaos.run.Verdict;
import dev.sluice.chaos.telemetry.ActiveFaults;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** What the run that is repeated was given; options of this one go before it. */
    private Map<String, JsonNode> repeated = Map.of();

    /**
     * Repeats a run.
     *
     * @param own what is ours in its journal
     */
    void repeat(JsonNode own) {
        if (seed.isEmpty() && own.path("seed").isIntegralNumber()) {
            seed = Optional.of(own.path("seed").longValue());
        }
        repeated = new LinkedHashMap<>();
        own.path("variables")
                .properties()
                .forEach(value -> repeated.put(value.getKey(), value.getValue()));
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
        Parsed<Given> read = variables.read(repeated);
        if (!(read instanceof Parsed.Ok<Given>(Given given))) {
            return refuse(read.problems(), command);
        }
        ExitCode interrupted = profile == Profile.CTK ? ExitCode.DEVIATED : ExitCode.INTERRUPTED;
        try (SignalledRun signals = SignalledRun.begin(interrupted)) {
            Instant begun = signals.waits().instant();
            Parsed<Ready> prepared = preparation(experiment, chosen, signals).ready(given);
            if (signals.ended()) {
                Instant now = signals.waits().instant();
                Result none = Result.beforeTheRun(experiment, begun, now, chosen);
                return signals.exits(report(experiment, none, given, command));
            }
            if (!(prepared instanceof Parsed.Ok<Ready>(Ready ready))) {
                return refuse(prepared.problems(), command);
            }
            try (ready) {
                Result result =
                        profile == Profile.CTK
                                ? ctk(experiment, ready, signals, chosen, command)
                                : strict(experiment, ready, signals, chosen, command);
                return signals.exits(report(experiment, result, given, command));
            }
        }
    }

    private Preparation preparation(Experiment experiment, long chosen, SignalledRun signals) {
        List<Problem> wrong = new ArrayList<>(telemetry.problems());
        wrong.addAll(ctk.problems(profile));
        wrong.addAll(GivenFiles.unwritable(written()));
        Cut cut = new Cut();
        signals.ends(cut::make);
        return new Preparation(experiment, profile, chosen, production, wrong, cut);
    }

    private List<Path> written() {
        return Stream.concat(
                        Stream.of(journal),
                        Stream.of(junit, markdown, sarif, html).flatMap(Optional::stream))
                .toList();
    }

    private Result ctk(
            Experiment experiment,
            Ready ready,
            SignalledRun signals,
            long chosen,
            CommandLine command) {
        if (!experiment.settings().faults().isEmpty()) {
            command.getErr().println("notice: sluice.faults are not injected in the ctk profile");
        }
        CtkRunner runner =
                new CtkRunner(
                        ctk.in(experiment),
                        ready.activities(),
                        signals.waits(),
                        ctk.settings(),
                        chosen);
        signals.ends(runner::interrupt);
        return runner.run();
    }

    private Result strict(
            Experiment experiment,
            Ready ready,
            SignalledRun signals,
            long chosen,
            CommandLine command)
            throws IOException {
        ActiveFaults faults = new ActiveFaults();
        Means means =
                new Means(
                        ready.activities(),
                        ready.plan(),
                        new GuardProcess(),
                        signals.waits(),
                        faults);
        Runner runner = new Runner(experiment, means, chosen);
        signals.ends(runner::interrupt);
        try (TelemetryOptions.Page _ = telemetry.page(experiment, faults, command)) {
            return runner.run();
        }
    }

    private ExitCode report(Experiment experiment, Result result, Given given, CommandLine command)
            throws IOException {
        given.shown(experiment).forEach(result.journal()::given);
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
