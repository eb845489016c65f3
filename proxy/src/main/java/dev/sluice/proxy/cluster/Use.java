package dev.sluice.proxy.cluster;

import dev.sluice.proxy.exchange.Peer;
import java.util.Optional;

/**
 * What a connection to an endpoint is wanted for.
 *
 * @param carrier what it is to carry
 * @param client on whose behalf, for endpoints that are told who that is; absent: this proxy's own
 */
public record Use(Carrier carrier, Optional<Peer> client) {
    /** Exchanges of this client, by its own protocol. */
    public static Use exchanges(Peer client) {
        return new Use(Carrier.of(client.protocol()), Optional.of(client));
    }

    /** The bytes of a tunnel of this client. */
    public static Use tunnel(Peer client) {
        return new Use(Carrier.TUNNEL, Optional.of(client));
    }

    /** Calls of this proxy itself. */
    public static Use own(Carrier carrier) {
        return new Use(carrier, Optional.empty());
    }
}
