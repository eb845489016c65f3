package dev.sluice.proxy.gate;

import dev.sluice.contract.gate.GateFilter;
import dev.sluice.proxy.exchange.Peer;

/** From whom a listener accepts carried decisions. Pure. */
final class CarriedTrustRule {
    private CarriedTrustRule() {}

    static boolean trusts(GateFilter filter, Peer peer) {
        return switch (filter.carriedTrust()) {
            case NOBODY -> false;
            case LOCAL_APPLICATION, ANY_PEER -> true;
            case MTLS_PEERS ->
                    peer.secure()
                            && peer.identity().filter(id -> isTrusted(filter, id)).isPresent();
        };
    }

    private static boolean isTrusted(GateFilter filter, String identity) {
        return filter.trustedIds().stream().anyMatch(matcher -> matcher.matches(identity));
    }
}
