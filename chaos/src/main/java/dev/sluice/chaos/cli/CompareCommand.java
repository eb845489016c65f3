package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.DurationText;
import dev.sluice.chaos.load.Group;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.chaos.report.Comparison;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos compare}: says whether a ledger, or an arm, is worse than another. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Compares latencies and errors of two ledgers; of one, its arms: NEW against LEGACY.",
            "Exit code 1 when the second is worse, 3 when there is too little to tell, or a group",
            "that only one of them has."
        })
final class CompareCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "BASE", description = "A ledger that `load` wrote")
    private Path base = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "HEAD",
            description = "Another; default: the arms of BASE")
    private Optional<Path> head = Optional.empty();

    @Option(
            names = "--latency",
            paramLabel = "PERCENT",
            description = "Growth of a latency that is allowed. Default: ${DEFAULT-VALUE}")
    private double latency = 20;

    @Option(
            names = "--slack",
            paramLabel = "DURATION",
            description = "Growth of a latency that is always allowed. Default: ${DEFAULT-VALUE}")
    private String slack = "2ms";

    @Option(
            names = "--errors",
            paramLabel = "POINTS",
            description = "Percentage points of more errors. Default: ${DEFAULT-VALUE}")
    private double errors = 0;

    @Override
    public Integer call() throws IOException {
        Comparison.Thresholds allowed = thresholds();
        List<Group> before = Group.of(LedgerFile.read(base).entries());
        List<Comparison> comparisons = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        if (head.isPresent()) {
            List<Group> after = Group.of(LedgerFile.read(head.get()).entries());
            for (Group group : before) {
                find(group.name(), after)
                        .ifPresentOrElse(
                                same -> comparisons.add(Comparison.of(group, same, allowed)),
                                () -> alone.add(only("BASE", group)));
            }
            after.stream()
                    .filter(group -> find(group.name(), before).isEmpty())
                    .forEach(group -> alone.add(only("HEAD", group)));
        } else {
            comparisons.add(Comparison.of(arm("LEGACY", before), arm("NEW", before), allowed));
        }
        List<Comparison.Row> rows =
                comparisons.stream().flatMap(one -> one.rows().stream()).toList();
        PrintWriter out = spec.commandLine().getOut();
        for (Comparison.Row row : rows) {
            String word = row.worse() ? "WORSE   " : row.told() ? "held    " : "NOT SEEN";
            out.println(word + " " + row);
        }
        alone.forEach(group -> out.println("NOT SEEN " + group));
        ExitCode code =
                rows.stream().anyMatch(Comparison.Row::worse)
                        ? ExitCode.DEVIATED
                        : alone.isEmpty() && rows.stream().allMatch(Comparison.Row::told)
                                ? ExitCode.PASSED
                                : ExitCode.INCONCLUSIVE;
        return code.number();
    }

    private static Optional<Group> find(String name, List<Group> groups) {
        return groups.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    /** The arm; without any requests when it decided none. */
    private static Group arm(String name, List<Group> groups) {
        return find(name, groups).orElseGet(() -> new Group(name, 0, 0, List.of()));
    }

    private static String only(String ledger, Group group) {
        return "%s: only %s has it (%d requests, %d errors)"
                .formatted(group.name(), ledger, group.requests(), group.errors());
    }

    private Comparison.Thresholds thresholds() {
        notNegative("--latency", latency);
        notNegative("--errors", errors);
        Duration allowed =
                DurationText.parse(slack)
                        .orElseThrow(() ->
                                wrong(
                                        "--slack '"
                                                + slack
                                                + "' (expected: "
                                                + DurationText.SHAPE
                                                + ")"));
        return new Comparison.Thresholds(latency / 100, allowed, errors / 100);
    }

    private void notNegative(String option, double value) {
        if (!(value >= 0)) {
            throw wrong(option + " '" + value + "' (expected: 0 or more); correct it");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
