package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request asks of the balancer. Immutable.
 *
 * @param hash of the request by its route's hash policies; absent: any endpoint will do
 * @param avoided endpoints that were tried before and should not be again
 * @param reattempts how often another endpoint is looked for in place of an avoided one
 * @param destination that the client wanted; only for clusters that go there
 */
public record Pick(
        OptionalLong hash,
        List<Endpoint> avoided,
        int reattempts,
        Optional<InetSocketAddress> destination) {
    /** Any endpoint. */
    public static final Pick ANY = new Pick(OptionalLong.empty(), List.of(), 0, Optional.empty());

    public Pick {
        avoided = List.copyOf(avoided);
    }

    /** The endpoint of this hash, if there is one. */
    public static Pick of(OptionalLong hash) {
        return hash.isEmpty() ? ANY : new Pick(hash, List.of(), 0, Optional.empty());
    }

    /** The endpoint at this address; absent: none. */
    public static Pick at(Optional<InetSocketAddress> destination) {
        return new Pick(OptionalLong.empty(), List.of(), 0, destination);
    }

    /** The same, another endpoint than these if there is one. */
    public Pick avoiding(List<Endpoint> tried, int times) {
        return new Pick(hash, tried, times, destination);
    }

    boolean avoids(Endpoint endpoint) {
        for (Endpoint one : avoided) {
            if (one.address().equals(endpoint.address())) {
                return true;
            }
        }
        return false;
    }
}
