package dev.sluice.chaos.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One page in Prometheus' text format. Immutable.
 *
 * @param samples in the order of the page
 */
public record Metrics(List<Sample> samples) {
    /** In {@link #sum}: any value of the label, also none. */
    public static final String ANY = "*";

    private static final Pattern LINE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{(.*)\\})?\\s+([^\\s{}]+)(?:\\s+-?\\d+)?\\s*");
    private static final Pattern LABEL =
            Pattern.compile(
                    "\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:,|$)");

    public Metrics {
        samples = List.copyOf(samples);
    }

    /**
     * One number.
     *
     * @param labels by name
     */
    public record Sample(String name, Map<String, String> labels, double value) {
        public Sample {
            labels = Map.copyOf(labels);
        }

        boolean matches(Map<String, String> wanted) {
            return wanted.entrySet().stream()
                    .allMatch(label ->
                            label.getValue().equals(ANY)
                                    || label.getValue()
                                            .equals(labels.getOrDefault(label.getKey(), "")));
        }
    }

    /** Reads a page; comments and lines that are no sample are left out. */
    public static Metrics parse(String page) {
        List<Sample> samples = new ArrayList<>();
        for (String line : page.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                number(matcher.group(3))
                        .ifPresent(value ->
                                samples.add(
                                        new Sample(
                                                matcher.group(1),
                                                labels(matcher.group(2)),
                                                value)));
            }
        }
        return new Metrics(samples);
    }

    private static OptionalDouble number(String text) {
        try {
            return OptionalDouble.of(
                    switch (text) {
                        case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                        case "-Inf" -> Double.NEGATIVE_INFINITY;
                        default -> Double.parseDouble(text);
                    });
        } catch (NumberFormatException noNumber) {
            return OptionalDouble.empty();
        }
    }

    private static Map<String, String> labels(@Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher matcher = LABEL.matcher(text == null ? "" : text);
        while (matcher.find()) {
            labels.put(
                    matcher.group(1),
                    matcher.group(2)
                            .replace("\\\\", "\0")
                            .replace("\\n", "\n")
                            .replace("\\\"", "\"")
                            .replace("\0", "\\"));
        }
        return labels;
    }

    /** The sum of a metric's samples with these labels; empty when there are none. */
    public OptionalDouble sum(String name, Map<String, String> labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.matches(labels))
                .mapToDouble(Sample::value)
                .reduce(Double::sum);
    }

    /** Counts of a histogram's samples with these labels, up to each bound, by bound. */
    Map<Double, Double> buckets(String name, Map<String, String> labels) {
        Map<Double, Double> buckets = new HashMap<>();
        for (Sample sample : samples) {
            if (sample.name().equals(name + "_bucket") && sample.matches(labels)) {
                number(sample.labels().getOrDefault("le", ""))
                        .ifPresent(bound -> buckets.merge(bound, sample.value(), Double::sum));
            }
        }
        return buckets;
    }
}
