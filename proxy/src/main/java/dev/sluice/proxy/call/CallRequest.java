package dev.sluice.proxy.call;

import dev.sluice.proxy.cluster.Carrier;
import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/**
 * A request of the proxy itself.
 *
 * @param method {@code GET} without body, or {@code POST} with one
 * @param authority of the request
 * @param path with a slash in front
 * @param headers without {@code content-length}
 * @param body belongs to the call once it is made
 * @param timeout from now to the end of the answer; positive
 * @param mostBytes of the answer's body: a longer one fails the call; 0: the body is not looked at
 */
public record CallRequest(
        String method,
        String authority,
        String path,
        HeaderBlock headers,
        ByteBuf body,
        Duration timeout,
        int mostBytes) {
    /** What a connection is to carry: gRPC needs HTTP/2. */
    Carrier carrier() {
        CharSequence type = headers.first("content-type");
        return type != null && type.toString().startsWith("application/grpc")
                ? Carrier.HTTP2
                : Carrier.HTTP1;
    }

    /** A {@code POST} of whose answer only the statuses matter. */
    public static CallRequest post(
            String authority, String path, HeaderBlock headers, ByteBuf body, Duration timeout) {
        return new CallRequest("POST", authority, path, headers, body, timeout, 0);
    }

    /**
     * A {@code GET}.
     *
     * @param mostBytes of the answer's body, at least 1
     */
    public static CallRequest get(
            String authority, String path, HeaderBlock headers, Duration timeout, int mostBytes) {
        return new CallRequest(
                "GET", authority, path, headers, Unpooled.EMPTY_BUFFER, timeout, mostBytes);
    }
}
