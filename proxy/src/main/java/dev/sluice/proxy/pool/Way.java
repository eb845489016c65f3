package dev.sluice.proxy.pool;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a connection goes, and for whom.
 *
 * @param remote the endpoint
 * @param client whose requests alone it carries, for endpoints that are told who that is; absent:
 *     this proxy's own, or anybody's where no endpoint is told
 */
public record Way(InetSocketAddress remote, Optional<Addresses> client) {
    /** For anybody. */
    public static Way shared(InetSocketAddress remote) {
        return new Way(remote, Optional.empty());
    }
}
