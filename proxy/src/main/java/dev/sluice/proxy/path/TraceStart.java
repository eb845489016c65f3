package dev.sluice.proxy.path;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceParent;
import dev.sluice.proxy.outcome.AttemptSpans;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where the span of a request begins: the trace that came with it goes on as it was sampled, and a
 * request without one, or with a malformed one (W3C Trace Context section 3.2), begins a trace.
 * Loop-owned.
 *
 * @param internal whose {@code x-envoy-force-trace} is obeyed
 * @param runtime values that may replace the samples
 * @param random of ids and samples
 */
record TraceStart(
        TracingSpec spec, InternalClients internal, RuntimeLayers runtime, RandomGenerator random) {
    private static final AsciiString TRACE_STATE = AsciiString.cached("tracestate");
    private static final AsciiString CLIENT_TRACE = AsciiString.cached("x-client-trace-id");
    private static final AsciiString FORCE_TRACE = AsciiString.cached("x-envoy-force-trace");

    RequestTrace begin(RequestHead head, Peer peer) {
        TraceContext context = context(head.headers(), peer);
        boolean attempts = context.sampled() && spec.spans() == Spans.REQUEST_AND_ATTEMPTS;
        return new RequestTrace(
                spec, context, attempts ? AttemptSpans.under(context, random) : AttemptSpans.NONE);
    }

    private TraceContext context(HeaderBlock headers, Peer peer) {
        Optional<TraceParent> parent = parent(headers);
        long span = AttemptSpans.id(random);
        if (parent.isEmpty()) {
            return new TraceContext(
                    random.nextLong(),
                    AttemptSpans.id(random),
                    /* parent= */ 0,
                    span,
                    isSampled(headers, peer),
                    /* state= */ "");
        }
        TraceParent above = parent.get();
        return new TraceContext(
                above.high(), above.low(), above.span(), span, above.sampled(), state(headers));
    }

    /** The parent; empty without a header, with two, or with a malformed one. */
    private static Optional<TraceParent> parent(HeaderBlock headers) {
        Optional<CharSequence> only = Optional.empty();
        for (int i = 0; i < headers.size(); i++) {
            if (AsciiString.contentEquals(headers.name(i), TraceParent.HEADER)) {
                if (only.isPresent()) {
                    return Optional.empty();
                }
                only = Optional.of(headers.value(i));
            }
        }
        return only.flatMap(TraceParent::parse);
    }

    /** All {@code tracestate} fields are one list (section 3.3). */
    private static String state(HeaderBlock headers) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            if (AsciiString.contentEquals(headers.name(i), TRACE_STATE)) {
                list.append(list.isEmpty() ? "" : ",").append(headers.value(i));
            }
        }
        return list.toString();
    }

    /** As Envoy: one draw decides both the sample and what is kept of it all. */
    private boolean isSampled(HeaderBlock headers, Peer peer) {
        Sampling sampling = spec.sampling();
        RuntimeValues values = runtime.values();
        int draw = random.nextInt(PartsPerMillion.WHOLE);
        boolean asked =
                headers.contains(CLIENT_TRACE)
                        && values.share(sampling.client())
                                .contains(random.nextInt(PartsPerMillion.WHOLE));
        boolean forced = headers.contains(FORCE_TRACE) && internal.isInternal(peer, headers);
        return (asked || forced || values.share(sampling.random()).contains(draw))
                && values.share(sampling.overall()).contains(draw);
    }
}
