package dev.sluice.proxy.observe;

import java.util.HexFormat;

/**
 * A request's span and its place in a trace (W3C Trace Context). Immutable.
 *
 * @param high first 64 bits of the trace id
 * @param low last 64 bits
 * @param parent id of the parent's span; 0 where the trace begins here
 * @param span id of the request's span; never 0
 * @param sampled whether its spans are kept
 * @param state of {@code tracestate}; empty without
 */
public record TraceContext(
        long high, long low, long parent, long span, boolean sampled, String state) {
    private static final HexFormat HEX = HexFormat.of();

    /** 32 hexadecimal digits. */
    public String traceId() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    /** 16 hexadecimal digits. */
    public String spanId() {
        return HEX.toHexDigits(span);
    }

    /** The header for those whose parent is this span of the trace. */
    public String traceparent(long parentSpan) {
        return "00-" + traceId() + "-" + HEX.toHexDigits(parentSpan) + (sampled ? "-01" : "-00");
    }
}
