package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.DurationText;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Measure;
import dev.sluice.chaos.probe.Metrics;
import dev.sluice.chaos.probe.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice chaos measure}: one number from metrics, for the tolerance of a probe. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a page of Prometheus metrics twice and prints one number.",
            "Exit code 3, and no number, when there is nothing to measure."
        })
final class MeasureCommand implements Callable<Integer> {
    private static final int SECONDS = 10;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "URL", description = "Such as http://127.0.0.1:9901/stats/prometheus")
    private String url = "";

    @Option(
            names = "--metric",
            required = true,
            paramLabel = "NAME",
            description = "Of a histogram, without _bucket")
    private String metric = "";

    @Option(
            names = "--kind",
            required = true,
            description = "What is measured: ${COMPLETION-CANDIDATES}")
    private Measure.Kind kind = Measure.Kind.VALUE;

    @Option(
            names = "--percent",
            paramLabel = "NUMBER",
            description = "Of quantile. Default: ${DEFAULT-VALUE}")
    private double percent = 99;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "Which samples; their sum is taken")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--against",
            paramLabel = "NAME=VALUE",
            description = {
                "Divides by the same with this label instead, such as arm=LEGACY;",
                "* is any value"
            })
    private Map<String, String> against = new LinkedHashMap<>();

    @Option(
            names = "--over",
            paramLabel = "DURATION",
            description = "Time between the two pages. Default: ${DEFAULT-VALUE}")
    private String over = "5s";

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "Of the requests")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(percent > 0 && percent <= 100)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--percent " + percent + " (expected: above 0, at most 100)");
        }
        Duration between =
                DurationText.parse(over)
                        .filter(length -> !length.isZero())
                        .orElseThrow(() ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--over '"
                                                + over
                                                + "' (expected: "
                                                + DurationText.SHAPE
                                                + ")"));
        Metrics first;
        Metrics second;
        double seconds;
        try (Activities activities = new Activities(new Substitution(Map.of()))) {
            long start = System.nanoTime();
            first = page(activities);
            if (kind != Measure.Kind.VALUE) {
                TimeUnit.NANOSECONDS.sleep(between.toNanos());
            }
            seconds = (System.nanoTime() - start) / 1e9;
            second = kind == Measure.Kind.VALUE ? first : page(activities);
        }
        OptionalDouble number = measured(labels, first, second, seconds);
        if (number.isPresent() && !against.isEmpty()) {
            Map<String, String> other = new HashMap<>(labels);
            other.putAll(against);
            number = ratio(number.getAsDouble(), measured(other, first, second, seconds));
        }
        if (number.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("sluice chaos: nothing to measure of " + metric + " at " + url);
            return ExitCode.INCONCLUSIVE.number();
        }
        spec.commandLine().getOut().println(shown(number.getAsDouble()));
        return ExitCode.PASSED.number();
    }

    private OptionalDouble measured(
            Map<String, String> which, Metrics first, Metrics second, double seconds) {
        return new Measure(kind, metric, which, percent).of(first, second, seconds);
    }

    private static OptionalDouble ratio(double number, OptionalDouble other) {
        return other.isEmpty() || other.getAsDouble() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(number / other.getAsDouble());
    }

    private static String shown(double number) {
        return Double.isFinite(number)
                ? BigDecimal.valueOf(number).toPlainString()
                : Double.toString(number);
    }

    private Metrics page(Activities activities) throws IOException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("type", "http").put("url", url).put("timeout", SECONDS);
        ObjectNode fields = request.putObject("headers");
        headers.forEach(fields::put);
        Outcome outcome = activities.run(request);
        if (!outcome.succeeded()) {
            throw new IOException(
                    outcome.failure()
                            .orElseGet(() ->
                                    url + ": status " + outcome.output().path("status").asInt()));
        }
        return Metrics.parse(outcome.output().path("body").asText());
    }
}
