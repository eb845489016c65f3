package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.MirrorEnd;
import dev.sluice.proxy.observe.ResponseFlag;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.function.ToLongFunction;

/**
 * The meters of a proxy: name, meaning and labels of each, and all of them as a text. Thread-safe.
 */
final class Meters implements AutoCloseable {
    private static final String OPEN_METRICS =
            "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final Duration[] LATENCY_BOUNDS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry;

    /**
     * @param span of the exchange whose figures are recorded
     */
    Meters(ExemplarSpan span) {
        registry =
                new PrometheusMeterRegistry(
                        PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, span);
    }

    record Requests(String listener, String route, String cluster, int statusClass) {}

    record Decisions(String gate, String arm, String reason) {}

    record Mirrors(String cluster, MirrorEnd end) {}

    /** Injected faults; the gate is empty where none decided. */
    record Faults(String gate, String arm, String kind) {}

    /** What became of bucketing keys; those that nobody looked for are not counted. */
    record Keys(String gate, String outcome) {}

    Counter requests(Requests of) {
        return Counter.builder("sluice.requests")
                .description("Finished exchanges")
                .tag("listener", of.listener())
                .tag("route", of.route())
                .tag("cluster", of.cluster())
                .tag("response_class", of.statusClass() == 0 ? "none" : of.statusClass() + "xx")
                .register(registry);
    }

    Counter decisions(Decisions of) {
        return Counter.builder("sluice.gate.decisions")
                .description("Decisions of gates")
                .tag("gate", of.gate())
                .tag("arm", of.arm())
                .tag("reason", of.reason())
                .register(registry);
    }

    Counter keys(Keys of) {
        return Counter.builder("sluice.gate.keys")
                .description("Bucketing keys that decisions asked for, by what became of them")
                .tag("gate", of.gate())
                .tag("outcome", of.outcome())
                .register(registry);
    }

    Timer latency(String cluster) {
        return Timer.builder("sluice.upstream.latency")
                .description(
                        "Time from the request's head, or the end of its hold, to the upstream's"
                                + " final head")
                .tag("cluster", cluster)
                .serviceLevelObjectives(LATENCY_BOUNDS)
                .register(registry);
    }

    Counter flags(ResponseFlag flag) {
        return Counter.builder("sluice.response.flags")
                .description("Exchanges that ended otherwise than by the upstream's answer")
                .tag("flag", flag.word())
                .register(registry);
    }

    Counter events(FilterEvent of) {
        return Counter.builder("sluice.filter.events")
                .description("What HTTP filters noticed about requests that they let pass")
                .tag("filter", of.filter())
                .tag("event", of.kind().word())
                .register(registry);
    }

    Counter faults(Faults of) {
        return Counter.builder("sluice.faults.injected")
                .description("Faults that changed an attempt, or a request before it")
                .tag("gate", of.gate())
                .tag("arm", of.arm())
                .tag("kind", of.kind())
                .register(registry);
    }

    Counter floods(Flood flood) {
        return Counter.builder("sluice.floods")
                .description("HTTP/2 connections ended for what their clients sent too much of")
                .tag("flood", flood.word())
                .register(registry);
    }

    Counter upstreamFloods(Flood flood) {
        return Counter.builder("sluice.upstream.floods")
                .description("HTTP/2 connections ended for what their upstreams sent too much of")
                .tag("flood", flood.word())
                .register(registry);
    }

    Counter worn(Worn limit) {
        return worn("sluice.connections.worn", limit);
    }

    Counter upstreamWorn(Worn limit) {
        return worn("sluice.upstream.connections.worn", limit);
    }

    private Counter worn(String name, Worn limit) {
        return Counter.builder(name)
                .description("Connections ended at their limit of requests or of time")
                .tag("limit", limit.word())
                .register(registry);
    }

    Counter hedges(String cluster) {
        return Counter.builder("sluice.hedges")
                .description("Attempts begun beside a slow one")
                .tag("cluster", cluster)
                .register(registry);
    }

    Counter mirrors(Mirrors of) {
        return Counter.builder("sluice.mirrors")
                .description("Mirrored requests, by what became of them")
                .tag("cluster", of.cluster())
                .tag("outcome", of.end().word())
                .register(registry);
    }

    Counter refusals(CodecRefusal refusal) {
        return Counter.builder("sluice.codec.refusals")
                .description("Requests that a codec refused")
                .tag("code", refusal.code())
                .register(registry);
    }

    <T> void gauge(String name, String description, T source, ToLongFunction<T> value) {
        Gauge.builder(name, source, value::applyAsLong)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    void caller(CallerBook.Entry entry) {
        FunctionCounter.builder("sluice.gate.callers", entry, CallerBook.Entry::requests)
                .description("Calls of the service beside this sidecar, by caller")
                .tags(CallerLabels.of(entry.caller()))
                .register(registry);
    }

    /** In the Prometheus text format. */
    String text() {
        return registry.scrape();
    }

    /** In the OpenMetrics text format, which alone has exemplars. */
    String openMetrics() {
        return registry.scrape(OPEN_METRICS);
    }

    @Override
    public void close() {
        registry.close();
    }
}
