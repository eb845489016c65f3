package dev.sluice.proxy.boot;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.listen.ConnectionObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.pool.UpstreamObserver;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.telemetry.AccessLogs;
import dev.sluice.proxy.telemetry.CallerBook;
import dev.sluice.proxy.telemetry.ConnectionCounts;
import dev.sluice.proxy.telemetry.EvidenceBook;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.proxy.telemetry.trace.SpanExporter;
import dev.sluice.proxy.telemetry.trace.SpanSender;
import dev.sluice.proxy.tls.TlsProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Access logs, evidence and metrics of one proxy. Metrics are loaded after the listeners are open,
 * since their classes cost a good part of the start-up time; exchanges that finish before wait for
 * them, up to a bound. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {
    private static final int MOST_EARLY = 10_000;
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final AccessLogs logs;
    private final EvidenceBook evidence = new EvidenceBook(SLOW);
    private final CallerBook callers = new CallerBook();
    private final ConnectionCounts connections = new ConnectionCounts();
    private final ConcurrentLinkedQueue<ExchangeRecord> early = new ConcurrentLinkedQueue<>();
    private final SpanExporter spans = new SpanExporter(this::send);
    private final AtomicInteger earlyCount = new AtomicInteger();
    private volatile @Nullable Metrics metrics;
    private volatile @Nullable SpanSender sender;

    /** Of a proxy without runtime values. */
    public Telemetry() {
        this(new RuntimeLayers(RuntimeSpec.NONE));
    }

    /**
     * @param runtime values that may replace numbers of log filters
     */
    public Telemetry(RuntimeLayers runtime) {
        logs = new AccessLogs(() -> ThreadLocalRandom.current().nextLong(), runtime);
    }

    public AccessLogs logs() {
        return logs;
    }

    /** What is reported to the control plane. */
    public EvidenceMessages evidence() {
        return new EvidenceMessages(evidence, callers);
    }

    /** From now on spans are sent so; before, they wait. */
    public void sendSpansBy(SpanSender carrier) {
        sender = carrier;
    }

    /** Sends the spans that wait, and none later: what carries them is about to end. */
    public void closeSpans() {
        spans.close();
    }

    private CompletableFuture<SpanSender.Result> send(SpanTarget target, ByteString request) {
        SpanSender carrier = sender;
        return carrier == null
                ? CompletableFuture.completedFuture(
                        new SpanSender.Result.Later("the proxy is not there yet"))
                : carrier.send(target, request);
    }

    /** Who a proxy tells. */
    public ProxyObservers observers() {
        return new ProxyObservers(
                this::finished,
                new Refusals(),
                new Counting(),
                (cluster, end) -> {
                    Metrics loaded = metrics;
                    if (loaded != null) {
                        loaded.mirrored(cluster, end);
                    }
                },
                new Upstreams());
    }

    /** Loads the metrics and counts what has finished already. */
    public Metrics loadMetrics() {
        Metrics loaded = new Metrics();
        loaded.gauge(
                "sluice.connections.active",
                "Clients' connections open now",
                connections,
                ConnectionCounts::active);
        loaded.gauge(
                "sluice.connections.opened",
                "Clients' connections since the start",
                connections,
                ConnectionCounts::total);
        loaded.gauge(
                "sluice.connections.refused",
                "Clients' connections closed before a protocol began, since the start",
                connections,
                ConnectionCounts::allRefused);
        loaded.gauge(
                "sluice.tls.handshakes.failed",
                "TLS handshakes with clients that failed since the start",
                connections,
                ConnectionCounts::handshakesFailed);
        loaded.gauge(
                "sluice.tls.jdk",
                "1 in the degraded mode tls-jdk, where BoringSSL does not load",
                TlsProvider.best(),
                provider -> provider == TlsProvider.JDK ? 1 : 0);
        loaded.gauge(
                "sluice.access.log.dropped",
                "Access log lines lost since the start",
                logs,
                AccessLogs::dropped);
        loaded.gauge(
                "sluice.spans.sent",
                "Spans that collectors have taken since the start",
                spans,
                SpanExporter::sent);
        loaded.gauge(
                "sluice.spans.dropped",
                "Exchanges since the start whose spans found no room or no collector",
                spans,
                SpanExporter::dropped);
        loaded.callers(callers);
        metrics = loaded;
        List<ExchangeRecord> waited = new ArrayList<>();
        for (ExchangeRecord one = early.poll(); one != null; one = early.poll()) {
            waited.add(one);
        }
        waited.forEach(loaded::finished);
        return loaded;
    }

    @Override
    public void close() {
        spans.close();
        logs.close();
        Metrics loaded = metrics;
        if (loaded != null) {
            loaded.close();
        }
    }

    private void finished(ExchangeRecord exchange) {
        logs.finished(exchange);
        spans.finished(exchange);
        evidence.finished(exchange);
        callers.finished(exchange);
        Metrics loaded = metrics;
        if (loaded != null) {
            loaded.finished(exchange);
        } else if (earlyCount.incrementAndGet() <= MOST_EARLY) {
            early.add(exchange);
        }
    }

    private final class Counting implements ConnectionObserver {
        @Override
        public void opened(String listener) {
            connections.opened();
        }

        @Override
        public void closed(String listener) {
            connections.closed();
        }

        @Override
        public void refused(String listener, String reason) {
            connections.refused();
        }

        @Override
        public void handshakeFailed(String listener, String reason) {
            connections.handshakeFailed();
        }
    }

    private final class Upstreams implements UpstreamObserver {
        @Override
        public void flooded(Flood flood) {
            Metrics loaded = metrics;
            if (loaded != null) {
                loaded.upstreamFlooded(flood);
            }
        }

        @Override
        public void worn(Worn worn) {
            Metrics loaded = metrics;
            if (loaded != null) {
                loaded.upstreamWorn(worn);
            }
        }
    }

    private final class Refusals implements RefusalObserver {
        @Override
        public void refused(Peer peer, CodecRefusal refusal) {
            Metrics loaded = metrics;
            if (loaded != null) {
                loaded.refused(peer, refusal);
            }
        }

        @Override
        public void flooded(Peer peer, Flood flood) {
            Metrics loaded = metrics;
            if (loaded != null) {
                loaded.flooded(flood);
            }
        }

        @Override
        public void worn(Peer peer, Worn worn) {
            Metrics loaded = metrics;
            if (loaded != null) {
                loaded.worn(worn);
            }
        }
    }
}
