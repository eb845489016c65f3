package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import io.netty.channel.Channel;

/**
 * The terminal network filter of a filter chain on one event loop: takes connections over when
 * their transport stands. Loop-owned.
 */
@FunctionalInterface
public interface NetworkFilter {
    /**
     * Adds its handlers to the end of the pipeline, before the channel has read anything of the
     * protocol.
     *
     * @param security what is known of the transport
     * @param alpn what TLS agreed on; empty: nothing
     */
    ServerConnection install(Channel channel, TransportSecurity security, String alpn);
}
