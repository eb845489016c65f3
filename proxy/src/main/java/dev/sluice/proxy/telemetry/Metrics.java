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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Metrics for Prometheus. Meters are looked up once for each combination of labels and kept; labels
 * come from the configuration, never from requests, so that their number is bounded. Thread-safe.
 */
public final class Metrics implements ExchangeObserver, AutoCloseable {
    private final ExemplarSpan span = new ExemplarSpan();
    private final Meters meters = new Meters(span);
    private final ConcurrentMap<Meters.Requests, Counter> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<Meters.Decisions, Counter> decisions = new ConcurrentHashMap<>();
    private final ConcurrentMap<Meters.Keys, Counter> keys = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> latencies = new ConcurrentHashMap<>();
    private final ConcurrentMap<ResponseFlag, Counter> flags = new ConcurrentHashMap<>();
    private final ConcurrentMap<Flood, Counter> floods = new ConcurrentHashMap<>();
    private final ConcurrentMap<Flood, Counter> upstreamFloods = new ConcurrentHashMap<>();
    private final ConcurrentMap<Meters.Mirrors, Counter> mirrors = new ConcurrentHashMap<>();
    private final ConcurrentMap<Worn, Counter> worn = new ConcurrentHashMap<>();
    private final ConcurrentMap<Worn, Counter> upstreamWorn = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> hedges = new ConcurrentHashMap<>();
    private final ConcurrentMap<FilterEvent, Counter> events = new ConcurrentHashMap<>();
    private final ConcurrentMap<Meters.Faults, Counter> faults = new ConcurrentHashMap<>();
    private final ConcurrentMap<CodecRefusal, Counter> refusals = new ConcurrentHashMap<>();

    @Override
    public void finished(ExchangeRecord exchange) {
        String cluster = exchange.upstream().map(ExchangeRecord.Upstream::cluster).orElse("");
        requests.computeIfAbsent(
                        new Meters.Requests(
                                exchange.listener(),
                                exchange.route(),
                                cluster,
                                exchange.status() / 100),
                        meters::requests)
                .increment();
        exchange.upstream()
                .filter(upstream -> upstream.hedges() > 0)
                .ifPresent(upstream ->
                        hedges.computeIfAbsent(cluster, meters::hedges)
                                .increment(upstream.hedges()));
        if (exchange.times().upstreamHead() >= 0) {
            Timer latency = latencies.computeIfAbsent(cluster, meters::latency);
            span.during(
                    exchange.trace(),
                    () -> latency.record(exchange.headNanos(), TimeUnit.NANOSECONDS));
        }
        exchange.flags().forEach(flag -> flags.computeIfAbsent(flag, meters::flags).increment());
        exchange.filterEvents()
                .forEach(event -> events.computeIfAbsent(event, meters::events).increment());
        exchange.faults().forEach(fault -> injected(exchange, fault));
        exchange.gate().ifPresent(outcome -> decided(outcome.decision()));
    }

    /** A codec refused a request. */
    public void refused(Peer peer, CodecRefusal refusal) {
        refusals.computeIfAbsent(refusal, meters::refusals).increment();
    }

    /** A connection of HTTP/2 was ended for what its client sent too much of. */
    public void flooded(Flood flood) {
        floods.computeIfAbsent(flood, meters::floods).increment();
    }

    /** A connection of HTTP/2 was ended for what its upstream sent too much of. */
    public void upstreamFlooded(Flood flood) {
        upstreamFloods.computeIfAbsent(flood, meters::upstreamFloods).increment();
    }

    /** A client's connection ends since it has carried enough, or has grown old. */
    public void worn(Worn worn) {
        this.worn.computeIfAbsent(worn, meters::worn).increment();
    }

    /** The same of a connection to an upstream. */
    public void upstreamWorn(Worn worn) {
        upstreamWorn.computeIfAbsent(worn, meters::upstreamWorn).increment();
    }

    /** A mirrored request is over. */
    public void mirrored(String cluster, MirrorEnd end) {
        mirrors.computeIfAbsent(new Meters.Mirrors(cluster, end), meters::mirrors).increment();
    }

    /** Shows a value that somebody else counts. */
    public <T> void gauge(String name, String description, T source, ToLongFunction<T> value) {
        meters.gauge(name, description, source, value);
    }

    /** Shows who calls; the book bounds how many are told apart. */
    public void callers(CallerBook book) {
        book.follow(meters::caller);
    }

    /** All metrics in the Prometheus text format. */
    public String scrape() {
        return meters.text();
    }

    /** All metrics in the OpenMetrics text format, which alone has exemplars. */
    public String scrapeOpenMetrics() {
        return meters.openMetrics();
    }

    @Override
    public void close() {
        meters.close();
    }

    private void injected(ExchangeRecord exchange, InjectedFault fault) {
        String gate = exchange.gate().map(outcome -> outcome.decision().gate().id()).orElse("");
        String arm = exchange.gate().map(outcome -> outcome.decision().arm().name()).orElse("");
        faults.computeIfAbsent(new Meters.Faults(gate, arm, fault.kind()), meters::faults)
                .increment();
    }

    private void decided(GateDecision decision) {
        decisions
                .computeIfAbsent(
                        new Meters.Decisions(
                                decision.gate().id(),
                                decision.arm().name(),
                                decision.reason().name()),
                        meters::decisions)
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
        keys.computeIfAbsent(new Meters.Keys(decision.gate().id(), outcome), meters::keys)
                .increment();
    }
}
