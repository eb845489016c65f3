package dev.sluice.proxy.telemetry;

import dev.sluice.contract.gate.GateDecision;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.InjectedFault;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Metrics for Prometheus. Meters are looked up once for each combination of labels and kept; labels
 * come from the configuration, never from requests, so that their number is bounded. Thread-safe.
 */
public final class Metrics implements ExchangeObserver, AutoCloseable {
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

    private final ExemplarSpan span = new ExemplarSpan();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(
                    PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, span);
    private final ConcurrentMap<Requests, Counter> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<Decisions, Counter> decisions = new ConcurrentHashMap<>();
    private final ConcurrentMap<Keys, Counter> keys = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> latencies = new ConcurrentHashMap<>();
    private final ConcurrentMap<ResponseFlag, Counter> flags = new ConcurrentHashMap<>();
    private final ConcurrentMap<Flood, Counter> floods = new ConcurrentHashMap<>();
    private final ConcurrentMap<Flood, Counter> upstreamFloods = new ConcurrentHashMap<>();
    private final ConcurrentMap<Mirrors, Counter> mirrors = new ConcurrentHashMap<>();
    private final ConcurrentMap<Worn, Counter> worn = new ConcurrentHashMap<>();
    private final ConcurrentMap<Worn, Counter> upstreamWorn = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> hedges = new ConcurrentHashMap<>();
    private final ConcurrentMap<FilterEvent, Counter> events = new ConcurrentHashMap<>();
    private final ConcurrentMap<Faults, Counter> faults = new ConcurrentHashMap<>();
    private final ConcurrentMap<CodecRefusal, Counter> refusals = new ConcurrentHashMap<>();

    private record Requests(String listener, String route, String cluster, int statusClass) {}

    private record Decisions(String gate, String arm, String reason) {}

    private record Mirrors(String cluster, MirrorEnd end) {}

    /** Injected faults; the gate is empty where none decided. */
    private record Faults(String gate, String arm, String kind) {}

    /** What became of bucketing keys; those that nobody looked for are not counted. */
    private record Keys(String gate, String outcome) {}

    @Override
    public void finished(ExchangeRecord exchange) {
        String cluster = exchange.upstream().map(ExchangeRecord.Upstream::cluster).orElse("");
        requests.computeIfAbsent(
                        new Requests(
                                exchange.listener(),
                                exchange.route(),
                                cluster,
                                exchange.status() / 100),
                        this::requestCounter)
                .increment();
        exchange.upstream()
                .filter(upstream -> upstream.hedges() > 0)
                .ifPresent(upstream ->
                        hedges.computeIfAbsent(cluster, this::hedgeCounter)
                                .increment(upstream.hedges()));
        if (exchange.times().upstreamHead() >= 0) {
            Timer latency = latencies.computeIfAbsent(cluster, this::latencyTimer);
            span.during(
                    exchange.trace(),
                    () -> latency.record(exchange.times().upstreamHead(), TimeUnit.NANOSECONDS));
        }
        exchange.flags()
                .forEach(flag -> flags.computeIfAbsent(flag, this::flagCounter).increment());
        exchange.filterEvents()
                .forEach(event -> events.computeIfAbsent(event, this::eventCounter).increment());
        exchange.faults().forEach(fault -> injected(exchange, fault));
        exchange.gate().ifPresent(outcome -> decided(outcome.decision()));
    }

    /** A codec refused a request. */
    public void refused(Peer peer, CodecRefusal refusal) {
        refusals.computeIfAbsent(refusal, this::refusalCounter).increment();
    }

    /** A connection of HTTP/2 was ended for what its client sent too much of. */
    public void flooded(Flood flood) {
        floods.computeIfAbsent(flood, this::floodCounter).increment();
    }

    /** A connection of HTTP/2 was ended for what its upstream sent too much of. */
    public void upstreamFlooded(Flood flood) {
        upstreamFloods.computeIfAbsent(flood, this::upstreamFloodCounter).increment();
    }

    /** A client's connection ends since it has carried enough, or has grown old. */
    public void worn(Worn worn) {
        this.worn
                .computeIfAbsent(worn, limit -> wornCounter("sluice.connections.worn", limit))
                .increment();
    }

    /** The same of a connection to an upstream. */
    public void upstreamWorn(Worn worn) {
        upstreamWorn
                .computeIfAbsent(
                        worn, limit -> wornCounter("sluice.upstream.connections.worn", limit))
                .increment();
    }

    /** A mirrored request is over. */
    public void mirrored(String cluster, MirrorEnd end) {
        mirrors.computeIfAbsent(new Mirrors(cluster, end), this::mirrorCounter).increment();
    }

    /** Shows a value that somebody else counts. */
    public <T> void gauge(String name, String description, T source, ToLongFunction<T> value) {
        Gauge.builder(name, source, value::applyAsLong)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Shows who calls; the book bounds how many are told apart. */
    public void callers(CallerBook book) {
        book.follow(entry ->
                FunctionCounter.builder("sluice.gate.callers", entry, CallerBook.Entry::requests)
                        .description("Calls of the service beside this sidecar, by caller")
                        .tags(CallerLabels.of(entry.caller()))
                        .register(registry));
    }

    /** All metrics in the Prometheus text format. */
    public String scrape() {
        return registry.scrape();
    }

    /** All metrics in the OpenMetrics text format, which alone has exemplars. */
    public String scrapeOpenMetrics() {
        return registry.scrape(OPEN_METRICS);
    }

    @Override
    public void close() {
        registry.close();
    }

    private void injected(ExchangeRecord exchange, InjectedFault fault) {
        String gate = exchange.gate().map(outcome -> outcome.decision().gate().id()).orElse("");
        String arm = exchange.gate().map(outcome -> outcome.decision().arm().name()).orElse("");
        faults.computeIfAbsent(new Faults(gate, arm, fault.kind()), this::faultCounter).increment();
    }

    private void decided(GateDecision decision) {
        decisions
                .computeIfAbsent(
                        new Decisions(
                                decision.gate().id(),
                                decision.arm().name(),
                                decision.reason().name()),
                        this::decisionCounter)
                .increment();
        switch (decision.key()) {
            case GateDecision.Key.NotRead() -> {}
            case GateDecision.Key.Missing() -> key(decision, "missing");
            case GateDecision.Key.TooLong() -> key(decision, "too_long");
            case GateDecision.Key.Used used -> key(decision, "used");
            case GateDecision.Key.Issued issued -> key(decision, "issued");
        }
    }

    private void key(GateDecision decision, String outcome) {
        keys.computeIfAbsent(new Keys(decision.gate().id(), outcome), this::keyCounter).increment();
    }

    private Counter requestCounter(Requests of) {
        return Counter.builder("sluice.requests")
                .description("Finished exchanges")
                .tag("listener", of.listener())
                .tag("route", of.route())
                .tag("cluster", of.cluster())
                .tag("response_class", of.statusClass() == 0 ? "none" : of.statusClass() + "xx")
                .register(registry);
    }

    private Counter decisionCounter(Decisions of) {
        return Counter.builder("sluice.gate.decisions")
                .description("Decisions of gates")
                .tag("gate", of.gate())
                .tag("arm", of.arm())
                .tag("reason", of.reason())
                .register(registry);
    }

    private Counter keyCounter(Keys of) {
        return Counter.builder("sluice.gate.keys")
                .description("Bucketing keys that decisions asked for, by what became of them")
                .tag("gate", of.gate())
                .tag("outcome", of.outcome())
                .register(registry);
    }

    private Timer latencyTimer(String cluster) {
        return Timer.builder("sluice.upstream.latency")
                .description("Time from the request's head to the upstream's final head")
                .tag("cluster", cluster)
                .serviceLevelObjectives(LATENCY_BOUNDS)
                .register(registry);
    }

    private Counter flagCounter(ResponseFlag flag) {
        return Counter.builder("sluice.response.flags")
                .description("Exchanges that ended otherwise than by the upstream's answer")
                .tag("flag", flag.word())
                .register(registry);
    }

    private Counter eventCounter(FilterEvent of) {
        return Counter.builder("sluice.filter.events")
                .description("What HTTP filters noticed about requests that they let pass")
                .tag("filter", of.filter())
                .tag("event", of.kind().word())
                .register(registry);
    }

    private Counter faultCounter(Faults of) {
        return Counter.builder("sluice.faults.injected")
                .description("Faults that changed an attempt, or a request before it")
                .tag("gate", of.gate())
                .tag("arm", of.arm())
                .tag("kind", of.kind())
                .register(registry);
    }

    private Counter floodCounter(Flood flood) {
        return Counter.builder("sluice.floods")
                .description("HTTP/2 connections ended for what their clients sent too much of")
                .tag("flood", flood.word())
                .register(registry);
    }

    private Counter upstreamFloodCounter(Flood flood) {
        return Counter.builder("sluice.upstream.floods")
                .description("HTTP/2 connections ended for what their upstreams sent too much of")
                .tag("flood", flood.word())
                .register(registry);
    }

    private Counter wornCounter(String name, Worn limit) {
        return Counter.builder(name)
                .description("Connections ended at their limit of requests or of time")
                .tag("limit", limit.word())
                .register(registry);
    }

    private Counter hedgeCounter(String cluster) {
        return Counter.builder("sluice.hedges")
                .description("Attempts begun beside a slow one")
                .tag("cluster", cluster)
                .register(registry);
    }

    private Counter mirrorCounter(Mirrors of) {
        return Counter.builder("sluice.mirrors")
                .description("Mirrored requests, by what became of them")
                .tag("cluster", of.cluster())
                .tag("outcome", of.end().word())
                .register(registry);
    }

    private Counter refusalCounter(CodecRefusal refusal) {
        return Counter.builder("sluice.codec.refusals")
                .description("Requests that a codec refused")
                .tag("code", refusal.code())
                .register(registry);
    }
}
