package dev.sluice.proxy.call;

import dev.sluice.proxy.exchange.HeaderBlock;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * A request of the proxy itself, always a {@code POST}.
 *
 * @param authority of the request
 * @param path with a slash in front
 * @param headers without {@code content-length}
 * @param body belongs to the call once it is made
 * @param timeout from now to the end of the answer; positive
 */
public record CallRequest(
        String authority, String path, HeaderBlock headers, ByteBuf body, Duration timeout) {}
