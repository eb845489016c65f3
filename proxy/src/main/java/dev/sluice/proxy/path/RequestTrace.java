package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.observe.TraceParent;
import dev.sluice.proxy.outcome.AttemptSpans;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Map;

/**
 * The trace of one request. Loop-owned.
 *
 * @param context of the request's span
 * @param attempts spans under it
 */
record RequestTrace(TracingSpec spec, TraceContext context, AttemptSpans attempts) {
    private static final AsciiString TRACE_STATE = AsciiString.cached("tracestate");

    /** The head with this span as the parent of what follows, on a copy of its headers. */
    RequestHead mark(RequestHead came) {
        HeaderBlock headers = came.headers().copy();
        headers.set(TraceParent.HEADER, context.traceparent(context.span()));
        if (context.parent() == 0) {
            headers.remove(TRACE_STATE);
        }
        return came.withHeaders(headers);
    }

    /** What the spans tell. */
    TraceFacts facts(RequestHead came) {
        return new TraceFacts(
                spec, context, came.scheme().toString(), named(came), attempts.finished());
    }

    private Map<String, String> named(RequestHead came) {
        Map<String, String> found = new HashMap<>();
        for (SpanTag tag : spec.tags()) {
            if (tag instanceof SpanTag.Header header && !found.containsKey(header.header())) {
                String values = values(came.headers(), header.header());
                if (!values.isEmpty()) {
                    found.put(header.header(), values);
                }
            }
        }
        return found;
    }

    private static String values(HeaderBlock headers, String name) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            if (AsciiString.contentEquals(headers.name(i), name)) {
                list.append(list.isEmpty() ? "" : ",").append(headers.value(i));
            }
        }
        return list.toString();
    }
}
