package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Bytes that proxies have received and sent, of connections that live too, for as long as the
 * server does. Thread-safe.
 */
final class ByteCounts {
    /** Type of the page, as of Toxiproxy's. */
    static final String CONTENT_TYPE =
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private static final Comparator<Labels> ORDER =
            Comparator.comparing((Labels labels) -> labels.direction().word())
                    .thenComparing(Labels::listener)
                    .thenComparing(Labels::proxy)
                    .thenComparing(Labels::upstream);

    private static final int MOST = 10_000;

    private final Map<Labels, Counts> counts = new ConcurrentSkipListMap<>(ORDER);

    private record Labels(Direction direction, String listener, String proxy, String upstream) {
        @Override
        public String toString() {
            return "direction=\"%s\",listener=\"%s\",proxy=\"%s\",upstream=\"%s\""
                    .formatted(
                            direction.word(), escaped(listener), escaped(proxy), escaped(upstream));
        }

        private static String escaped(String value) {
            return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }
    }

    /**
     * Of one direction of a proxy.
     *
     * @param received from the sender
     * @param sent to the receiver
     */
    record Counts(LongAdder received, LongAdder sent) {
        Counts() {
            this(new LongAdder(), new LongAdder());
        }
    }

    /**
     * The counts of a direction between these two addresses. Those beyond 10,000 proxies and
     * addresses are on no page.
     */
    Counts of(Direction direction, String listener, String proxy, String upstream) {
        Labels labels = new Labels(direction, listener, proxy, upstream);
        Counts known = counts.get(labels);
        if (known != null || counts.size() >= MOST) {
            return known == null ? new Counts() : known;
        }
        return counts.computeIfAbsent(labels, _ -> new Counts());
    }

    /** All of them in Prometheus' text format, sorted. */
    String page() {
        return page("received", Counts::received) + page("sent", Counts::sent);
    }

    private String page(String which, Function<Counts, LongAdder> number) {
        String name = "toxiproxy_proxy_" + which + "_bytes_total";
        StringBuilder page = new StringBuilder();
        if (!counts.isEmpty()) {
            page.append("# HELP %s %n# TYPE %s counter%n".formatted(name, name));
        }
        counts.forEach((labels, of) ->
                page.append("%s{%s} %d%n".formatted(name, labels, number.apply(of).sum())));
        return page.toString().replace(System.lineSeparator(), "\n");
    }
}
