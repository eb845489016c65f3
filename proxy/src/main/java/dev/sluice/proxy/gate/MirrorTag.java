package dev.sluice.proxy.gate;

import dev.sluice.contract.gate.GateFilter;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import java.util.Optional;

/**
 * The header that says of a request that it is a copy of another one, so that no evidence counts
 * it. Believed from those who may carry decisions, taken off the requests of everybody else.
 * Stateless.
 */
public final class MirrorTag {
    private static final String NAME = "x-sluice-mirror";

    private MirrorTag() {}

    /** Whether a request is a copy, as somebody says who is trusted. */
    public static boolean isOn(RequestHead request, Peer peer, Optional<GateFilter> gates) {
        return request.headers().contains(NAME)
                && gates.filter(filter -> CarriedTrustRule.trusts(filter, peer)).isPresent();
    }

    /** Says of a request that it is a copy. */
    public static void put(HeaderBlock headers) {
        headers.set(NAME, "1");
    }

    public static void remove(HeaderBlock headers) {
        headers.remove(NAME);
    }
}
