package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceFacts;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The span of the exchange whose figures this thread records now, so that the registry can keep it
 * as an exemplar; traces that are not sampled are never one, for nobody could look at them.
 * Thread-safe.
 */
final class ExemplarSpan implements SpanContext {
    private static final ThreadLocal<@Nullable TraceContext> CURRENT = new ThreadLocal<>();

    /** Records figures of an exchange. */
    void during(Optional<TraceFacts> trace, Runnable recording) {
        if (trace.isEmpty() || !trace.get().context().sampled()) {
            recording.run();
            return;
        }
        CURRENT.set(trace.get().context());
        try {
            recording.run();
        } finally {
            CURRENT.remove();
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        TraceContext context = CURRENT.get();
        return context == null ? null : context.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        TraceContext context = CURRENT.get();
        return context == null ? null : context.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return CURRENT.get() != null;
    }

    /** Whether a trace is kept was decided at its beginning. */
    @Override
    public void markCurrentSpanAsExemplar() {}
}
