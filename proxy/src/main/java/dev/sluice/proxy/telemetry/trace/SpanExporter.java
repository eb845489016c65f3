package dev.sluice.proxy.telemetry.trace;

import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends the spans of sampled exchanges to the collectors that their listeners name. The loops only
 * put a record into a bounded queue; a thread of each collector makes spans of it. Thread-safe.
 */
public final class SpanExporter implements ExchangeObserver, AutoCloseable {
    private final Map<SpanTarget, SpanQueue> queues = new ConcurrentHashMap<>();
    private final SpanSender sender;

    /**
     * @param sender carries batches
     */
    public SpanExporter(SpanSender sender) {
        this.sender = sender;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        Optional<TraceFacts> trace = exchange.trace();
        if (trace.isPresent() && trace.get().context().sampled()) {
            queues.computeIfAbsent(
                            trace.get().spec().target(),
                            target -> new SpanQueue(target, sender, SpanQueue.Pace.STANDARD))
                    .put(exchange);
        }
    }

    /** Spans that collectors have taken since the start. */
    public long sent() {
        return queues.values().stream().mapToLong(SpanQueue::sent).sum();
    }

    /** Exchanges since the start whose spans found no room or no collector. */
    public long dropped() {
        return queues.values().stream().mapToLong(SpanQueue::dropped).sum();
    }

    /** Sends what waits, once, and ends. */
    @Override
    public void close() {
        queues.values().forEach(SpanQueue::close);
    }
}
