package dev.sluice.proxy.codec;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** This proxy's end of a connection. Stateless. */
public final class LocalEnd {
    private static final InetSocketAddress UNKNOWN = InetSocketAddress.createUnresolved("", 0);

    private LocalEnd() {}

    /** Its address; unresolved where the connection has none of IP. */
    public static InetSocketAddress of(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress inet ? inet : UNKNOWN;
    }
}
