package dev.sluice.proxy.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code /stats}: the metrics as Envoy lists its own, {@code name: value} a line, and a few by
 * Envoy's names. {@code ?filter=} takes an RE2 expression found anywhere in a name, labels
 * included; {@code ?usedonly} leaves zeros out; {@code ?format=json} and {@code ?format=prometheus}
 * are other shapes; the last is OpenMetrics, with exemplars, for who accepts it. Thread-safe.
 */
final class StatsPage {
    private static final String PROMETHEUS = "text/plain; version=0.0.4";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_VERSION = "; version=1.0.0; charset=utf-8";

    private final AdminSubject subject;

    StatsPage(AdminSubject subject) {
        this.subject = subject;
    }

    private record Stat(String name, Number value) {
        boolean isUsed() {
            return value.doubleValue() != 0 || EnvoyStats.isState(name);
        }
    }

    private Stream<Stat> named() {
        return EnvoyStats.of(subject).entrySet().stream()
                .map(stat -> new Stat(stat.getKey(), stat.getValue()));
    }

    AdminAnswer answer(AdminRequest request) {
        String format = request.parameter("format").orElse("text");
        if (request.segments().equals(List.of("stats", "prometheus"))
                || format.equals("prometheus")) {
            return request.accept().contains(OPEN_METRICS)
                    ? new AdminAnswer(200, OPEN_METRICS + OPEN_VERSION, subject.openMetrics())
                    : new AdminAnswer(200, PROMETHEUS, subject.metrics());
        }
        if (request.segments().size() > 1) {
            return AdminAnswer.text(404, "pages are /stats and /stats/prometheus\n");
        }
        Optional<Pattern> filter;
        try {
            filter = request.parameter("filter").map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            return AdminAnswer.text(
                    400,
                    "filter: %s (expected: an RE2 expression); correct it\n"
                            .formatted(e.getMessage()));
        }
        List<Stat> stats =
                Stream.concat(stats(subject.metrics()).stream(), named())
                        .filter(stat ->
                                filter.isEmpty() || filter.get().matcher(stat.name()).find())
                        .filter(stat -> !request.has("usedonly") || stat.isUsed())
                        .toList();
        return switch (format) {
            case "json" -> AdminAnswer.json(200, JsonTree.of(Map.of("stats", stats)));
            case "text" -> AdminAnswer.text(200, text(stats));
            default ->
                    AdminAnswer.text(
                            400,
                            "format %s (expected: text, json or prometheus); correct the word\n"
                                    .formatted(format));
        };
    }

    private static String text(List<Stat> stats) {
        StringBuilder text = new StringBuilder();
        stats.forEach(stat ->
                text.append(stat.name())
                        .append(": ")
                        .append(number(stat.value().doubleValue()))
                        .append('\n'));
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Samples of the Prometheus text format: a name with its labels, a blank, a number. */
    private static List<Stat> stats(String scrape) {
        List<Stat> stats = new ArrayList<>();
        scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    if (blank > 0) {
                        stats.add(
                                new Stat(
                                        line.substring(0, blank),
                                        Double.parseDouble(line.substring(blank + 1))));
                    }
                });
        return stats;
    }
}
