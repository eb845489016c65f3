package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    private static TraceFacts trace(TraceContext context) {
        return new TraceFacts(
                new TracingSpec(TracedExchange.TARGET, Sampling.ALL, List.of(), Spans.REQUEST, 256),
                context,
                "http",
                Map.of(),
                List.of());
    }

    private List<String> latencies(String scrape) {
        return scrape.lines().filter(line -> line.startsWith("sluice_upstream_latency")).toList();
    }

    @Test
    void a_latency_is_linked_to_its_trace_where_it_is_sampled() {
        metrics.finished(
                new LoggedExchange()
                        .trace(trace(new TraceContext(1, 2, 0, 3, /* sampled= */ true, "")))
                        .http());

        assertThat(latencies(metrics.scrapeOpenMetrics()))
                .anyMatch(line ->
                        line.contains("_bucket{")
                                && line.contains(
                                        "# {span_id=\"0000000000000003\",trace_id=\"00000000000000010000000000000002\"}"));
        assertThat(latencies(metrics.scrape()))
                .as("in the older format")
                .isNotEmpty()
                .noneMatch(line -> line.contains("trace_id"));
    }

    @Test
    void no_exemplar_is_kept_of_what_nobody_can_look_at() {
        metrics.finished(
                new LoggedExchange()
                        .trace(trace(new TraceContext(1, 2, 0, 3, /* sampled= */ false, "")))
                        .http());
        metrics.finished(new LoggedExchange().http());

        assertThat(latencies(metrics.scrapeOpenMetrics()))
                .isNotEmpty()
                .noneMatch(line -> line.contains("trace_id"));
    }
}
