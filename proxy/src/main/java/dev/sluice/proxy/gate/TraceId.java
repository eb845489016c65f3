package dev.sluice.proxy.gate;

import dev.sluice.proxy.observe.TraceParent;
import java.util.Optional;

/**
 * The trace that a request belongs to, of its {@code traceparent} header (W3C Trace Context §3.2).
 * Immutable.
 *
 * @param high first 64 bits
 * @param low last 64 bits; both together are never zero
 */
record TraceId(long high, long low) {
    static final String HEADER = TraceParent.HEADER;

    /** The trace of a request; empty without a header, with two, or with a malformed one. */
    static Optional<TraceId> of(ExchangeView request) {
        CharSequence first = request.head().headers().first(HEADER);
        if (first == null || request.headerValues(HEADER).size() > 1) {
            return Optional.empty();
        }
        return parse(first);
    }

    /** The trace of a header; empty for a malformed one. */
    static Optional<TraceId> parse(CharSequence header) {
        return TraceParent.parse(header).map(parent -> new TraceId(parent.high(), parent.low()));
    }
}
