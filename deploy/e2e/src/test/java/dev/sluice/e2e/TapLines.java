package dev.sluice.e2e;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.data.tap.v3.Connection;
import io.envoyproxy.envoy.data.tap.v3.HttpBufferedTrace;
import io.envoyproxy.envoy.data.tap.v3.HttpStreamedTraceSegment;
import io.envoyproxy.envoy.data.tap.v3.TraceWrapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What taps tell, as lines that compare: without what is another at each run or on each proxy.
 * Owned by one thread.
 */
final class TapLines {
    /** As the reference says, one of the two tells of them before they are set. */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "x-request-id",
                    "x-forwarded-proto",
                    "x-envoy-expected-rq-timeout-ms",
                    "x-envoy-upstream-service-time",
                    "date",
                    "server");

    private final Tapped proxy;
    private final Map<Long, Integer> exchanges = new HashMap<>();

    TapLines(Tapped proxy) {
        this.proxy = proxy;
    }

    /** Whether a message tells of the request with this path. */
    static boolean isOf(TraceWrapper trace, String path) {
        return Stream.concat(
                        trace.getHttpBufferedTrace().getRequest().getHeadersList().stream(),
                        trace
                                .getHttpStreamedTraceSegment()
                                .getRequestHeaders()
                                .getHeadersList()
                                .stream())
                .anyMatch(one -> one.getKey().equals(":path") && one.getValue().equals(path));
    }

    List<String> of(List<TraceWrapper> traces) {
        List<String> lines = new ArrayList<>();
        for (TraceWrapper trace : traces) {
            switch (trace.getTraceCase()) {
                case HTTP_BUFFERED_TRACE -> whole(trace.getHttpBufferedTrace(), lines);
                case HTTP_STREAMED_TRACE_SEGMENT ->
                        segment(trace.getHttpStreamedTraceSegment(), lines);
                case SOCKET_BUFFERED_TRACE, SOCKET_STREAMED_TRACE_SEGMENT, TRACE_NOT_SET ->
                        lines.add(trace.toString());
                default -> lines.add(trace.toString());
            }
        }
        return lines;
    }

    private void whole(HttpBufferedTrace trace, List<String> lines) {
        lines.add("exchange");
        half("request", trace.getRequest(), lines);
        half("response", trace.getResponse(), lines);
        lines.add("  downstream " + ends(trace.getDownstreamConnection()));
        lines.add("  upstream to " + address(trace.getUpstreamConnection().getRemoteAddress()));
    }

    private static void half(String name, HttpBufferedTrace.Message half, List<String> lines) {
        lines.add("  " + name + (half.hasHeadersReceivedTime() ? " with its time" : ""));
        fields(half.getHeadersList()).forEach(field -> lines.add("    " + field));
        if (half.hasBody()) {
            lines.add("    body " + body(half.getBody()));
        }
        fields(half.getTrailersList()).forEach(field -> lines.add("    trailer " + field));
    }

    private void segment(HttpStreamedTraceSegment segment, List<String> lines) {
        int exchange = exchanges.computeIfAbsent(segment.getTraceId(), id -> exchanges.size());
        lines.add("exchange " + exchange + ": " + segment.getMessagePieceCase());
        Stream.of(
                        segment.getRequestHeaders().getHeadersList(),
                        segment.getRequestTrailers().getHeadersList(),
                        segment.getResponseHeaders().getHeadersList(),
                        segment.getResponseTrailers().getHeadersList())
                .flatMap(list -> fields(list).stream())
                .forEach(field -> lines.add("  " + field));
        if (segment.hasRequestBodyChunk()) {
            lines.add("  " + body(segment.getRequestBodyChunk()));
        }
        if (segment.hasResponseBodyChunk()) {
            lines.add("  " + body(segment.getResponseBodyChunk()));
        }
    }

    private static List<String> fields(List<HeaderValue> fields) {
        return fields.stream()
                .filter(field -> !LEFT_OUT.contains(field.getKey()))
                .map(field -> field.getKey() + ": " + field.getValue())
                .sorted()
                .toList();
    }

    private static String body(io.envoyproxy.envoy.data.tap.v3.Body body) {
        return body.getBodyTypeCase()
                + " '"
                + body.getAsBytes().toStringUtf8()
                + body.getAsString()
                + (body.getTruncated() ? "' and more" : "'");
    }

    private String ends(Connection connection) {
        return "from "
                + connection.getRemoteAddress().getSocketAddress().getAddress()
                + " to "
                + address(connection.getLocalAddress());
    }

    private String address(Address address) {
        int port = address.getSocketAddress().getPortValue();
        return address.getSocketAddress().getAddress()
                + ":"
                + (port == proxy.port() ? "listener" : port);
    }
}
