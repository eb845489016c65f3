package dev.sluice.chaos.probe;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What is made of two pages of metrics, the second so much later than the first. Immutable.
 *
 * @param kind how
 * @param metric its name; of a histogram, without {@code _bucket}
 * @param labels which samples; {@link Metrics#ANY} for any value
 * @param percent of {@link Kind#QUANTILE}, above 0, at most 100
 */
public record Measure(Kind kind, String metric, Map<String, String> labels, double percent) {
    public Measure {
        labels = Map.copyOf(labels);
    }

    /** What is measured. */
    public enum Kind {
        /** The second page's value. */
        VALUE,
        /** Growth from the first page to the second. */
        INCREASE,
        /** Growth a second. */
        RATE,
        /** A percentile of what a histogram has counted in between, in its unit. */
        QUANTILE
    }

    /**
     * The number; empty when the pages have no such samples, or a histogram counted nothing. A
     * counter that is not on the first page was 0; one that went back has begun anew from 0.
     *
     * @param seconds between the pages, above 0
     */
    public OptionalDouble of(Metrics first, Metrics second, double seconds) {
        return switch (kind) {
            case VALUE -> second.sum(metric, labels);
            case INCREASE -> increase(first, second);
            case RATE -> {
                OptionalDouble increase = increase(first, second);
                yield increase.isPresent()
                        ? OptionalDouble.of(increase.getAsDouble() / seconds)
                        : increase;
            }
            case QUANTILE -> quantile(first, second);
        };
    }

    private OptionalDouble increase(Metrics first, Metrics second) {
        OptionalDouble after = second.sum(metric, labels);
        return after.isEmpty()
                ? after
                : OptionalDouble.of(
                        grown(first.sum(metric, labels).orElse(0), after.getAsDouble()));
    }

    private static double grown(double before, double after) {
        return after >= before ? after - before : after;
    }

    /**
     * By straight lines inside the buckets, the lowest of which begins at 0; what is above the last
     * bound counts as that bound.
     */
    private OptionalDouble quantile(Metrics first, Metrics second) {
        Map<Double, Double> before = first.buckets(metric, labels);
        TreeMap<Double, Double> counts = new TreeMap<>();
        second.buckets(metric, labels)
                .forEach((bound, count) ->
                        counts.put(bound, grown(before.getOrDefault(bound, 0.0), count)));
        double all = counts.isEmpty() ? 0 : counts.lastEntry().getValue();
        if (all <= 0) {
            return OptionalDouble.empty();
        }
        double rank = percent / 100 * all;
        double low = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            if (bucket.getValue() >= rank) {
                double inside = bucket.getValue() - below;
                double part = inside <= 0 ? 1 : (rank - below) / inside;
                return OptionalDouble.of(
                        Double.isInfinite(bucket.getKey())
                                ? low
                                : low + part * (bucket.getKey() - low));
            }
            low = bucket.getKey();
            below = bucket.getValue();
        }
        return OptionalDouble.of(low);
    }
}
