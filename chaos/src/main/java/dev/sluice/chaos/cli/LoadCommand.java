package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.DurationText;
import dev.sluice.chaos.load.Check;
import dev.sluice.chaos.load.Checks;
import dev.sluice.chaos.load.Finding;
import dev.sluice.chaos.load.Generator;
import dev.sluice.chaos.load.Group;
import dev.sluice.chaos.load.Lateness;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.chaos.load.LoadSettings;
import dev.sluice.chaos.load.Plan;
import dev.sluice.chaos.load.http.HttpSender;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos load}: sends load at a fixed rate and checks what came back. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Sends requests at a fixed rate, whether answered or not, and checks their ledger.",
            "Latencies count from the intended start. Targets are on this machine, or named."
        })
final class LoadCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "URL",
            description = "Sidecars; {key} stands for the key")
    private List<String> targets = List.of();

    @Option(
            names = "--allow-target",
            paramLabel = "HOST:PORT",
            description = "A target that is not this machine, and may get load")
    private Set<String> named = Set.of();

    @Option(
            names = "--rate",
            paramLabel = "NUMBER",
            description = "Requests a second, at most 100000. Default: ${DEFAULT-VALUE}")
    private int rate = 100;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            description = "At most 1h and 1000000 requests. Default: ${DEFAULT-VALUE}")
    private String duration = "10s";

    @Option(
            names = "--keys",
            paramLabel = "NUMBER",
            description = "Distinct keys. Default: ${DEFAULT-VALUE}")
    private int keys = 1000;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of each request; {key} stands for the key")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--id-header",
            paramLabel = "NAME",
            description = "Carries each request's id. Default: ${DEFAULT-VALUE}")
    private String idHeader = "x-request-id";

    @Option(
            names = "--writes",
            paramLabel = "PERCENT",
            description = "Of the requests that write. Default: none")
    private Optional<Integer> writes = Optional.empty();

    @Option(
            names = "--write-method",
            paramLabel = "METHOD",
            description = "Default: ${DEFAULT-VALUE}")
    private String writeMethod = "PUT";

    @Option(
            names = "--write-body",
            paramLabel = "TEXT",
            description = "{value} stands for what a later read must show. Default: {value}")
    private String writeBody = LoadSettings.VALUE;

    @Option(
            names = "--body-end",
            paramLabel = "TEXT",
            description = "What each good answer to a read ends with, such as }")
    private Optional<String> end = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Longest wait for a whole answer. Default: ${DEFAULT-VALUE}")
    private String timeout = "10s";

    @Option(
            names = "--most-under-way",
            paramLabel = "NUMBER",
            description = "Requests at once; more are errors. Default: ${DEFAULT-VALUE}")
    private int mostUnderWay = 1000;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Default: a new one")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--skip",
            paramLabel = "CHECK",
            description = "A check that is not wanted: ${COMPLETION-CANDIDATES}")
    private Set<Check> skipped = EnumSet.noneOf(Check.class);

    @Option(
            names = "--also",
            paramLabel = "CHECK",
            description =
                    "A check that is left out otherwise: REVISION, where each URL is one sidecar")
    private Set<Check> also = EnumSet.noneOf(Check.class);

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "Also write every request as a line of JSON")
    private Optional<Path> file = Optional.empty();

    @Override
    public Integer call() throws IOException {
        LoadSettings settings = settings();
        List<Problem> problems = new ArrayList<>(settings.problems());
        problems.addAll(GivenFiles.unwritable(file.stream().toList()));
        if (!problems.isEmpty()) {
            return RunOptions.refuse(problems, spec.commandLine()).number();
        }
        Set<Check> checks = Checks.of(settings);
        checks.addAll(also);
        checks.removeAll(skipped);
        Ledger ledger;
        SignalledWaits signalled = SignalledWaits.begin("load-end");
        try (HttpSender sender = new HttpSender(settings)) {
            sender.prepare();
            ledger =
                    new Generator(sender, signalled.waits(), settings.mostUnderWay())
                            .run(Plan.of(settings));
        }
        if (signalled.end()) {
            return ExitCode.INTERRUPTED.number();
        }
        if (file.isPresent()) {
            LedgerFile.write(ledger, file.get());
        }
        return tell(settings, ledger, Checks.run(ledger, checks)).number();
    }

    private LoadSettings settings() {
        List<URI> urls = new ArrayList<>();
        for (String target : targets) {
            try {
                urls.add(new URI(target.replace(LoadSettings.KEY, LoadSettings.KEY_IN_URL)));
            } catch (URISyntaxException wrong) {
                throw new ParameterException(
                        spec.commandLine(), "'" + target + "' (expected: a URL)", wrong);
            }
        }
        return new LoadSettings(
                urls,
                named,
                rate,
                time("--duration", duration),
                keys,
                headers,
                idHeader,
                writes.map(share -> new LoadSettings.Writes(share, writeMethod, writeBody)),
                time("--timeout", timeout),
                mostUnderWay,
                end,
                seed.orElseGet(() -> new SecureRandom().nextLong()));
    }

    private Duration time(String option, String text) {
        return DurationText.parse(text)
                .orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(),
                                option + " '" + text + "' (expected: " + DurationText.SHAPE + ")"));
    }

    private ExitCode tell(LoadSettings settings, Ledger ledger, List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%d requests, seed %d%n", ledger.planned(), settings.seed());
        for (Group group : Group.of(ledger.entries())) {
            out.printf(
                    Locale.ROOT,
                    "  %-9s %7d requests, %d errors; p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms,"
                            + " longest %.1f ms%n",
                    group.name(),
                    group.requests(),
                    group.errors(),
                    group.quantile(50),
                    group.quantile(99),
                    group.quantile(99.9),
                    group.quantile(100));
        }
        Lateness lateness = Lateness.of(ledger.entries());
        out.printf(
                Locale.ROOT,
                "  began at %.0f a second of %d; %d more than 10 ms late, p99 %.1f ms, latest"
                        + " %.1f ms%n",
                lateness.perSecond(),
                settings.perSecond(),
                lateness.noticeable(),
                lateness.p99() / 1e6,
                lateness.longest() / 1e6);
        for (Finding finding : findings) {
            String word =
                    switch (finding.verdict()) {
                        case HELD -> "held    ";
                        case BROKEN -> "BROKEN  ";
                        case NOT_SEEN -> "NOT SEEN";
                    };
            out.printf(
                    "%s %s: %s (%d looked at, %d broken)%n",
                    word, finding.check(), finding.claim(), finding.looked(), finding.broken());
            finding.examples().forEach(example -> out.println("  " + example));
        }
        out.flush();
        return verdict(findings);
    }

    /** A rate that was not kept is nobody's fault but the generator's. */
    static ExitCode verdict(List<Finding> findings) {
        if (findings.stream()
                .filter(one -> one.check() != Check.RATE)
                .anyMatch(one -> one.verdict() == Finding.Verdict.BROKEN)) {
            return ExitCode.DEVIATED;
        }
        boolean seen = findings.stream().allMatch(one -> one.verdict() == Finding.Verdict.HELD);
        return seen && !findings.isEmpty() ? ExitCode.PASSED : ExitCode.INCONCLUSIVE;
    }
}
