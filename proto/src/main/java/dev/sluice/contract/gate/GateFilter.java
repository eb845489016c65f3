package dev.sluice.contract.gate;

import dev.sluice.contract.match.StringMatcher;
import java.util.List;

/**
 * What holds for gates on all routes of a listener. Immutable.
 *
 * @param carriedTrust from whom a carried decision is accepted; it is stripped from everybody else
 * @param trustedIds SPIFFE ids of trusted peers; one must match
 * @param explain when the response explains the decision
 */
public record GateFilter(
        CarriedTrust carriedTrust, List<StringMatcher> trustedIds, Explain explain) {
    /** Nobody is trusted and nothing explained. */
    public static final GateFilter DEFAULT =
            new GateFilter(CarriedTrust.NOBODY, List.of(), Explain.NEVER);

    public GateFilter {
        trustedIds = List.copyOf(trustedIds);
    }

    /** From whom a carried decision is accepted. */
    public enum CarriedTrust {
        NOBODY,
        /** The listener is reached by the application beside this sidecar only. */
        LOCAL_APPLICATION,
        /** Peers whose certificate was verified and whose id is in {@code trustedIds}. */
        MTLS_PEERS,
        /** Every peer, verified or not: for closed test networks. */
        ANY_PEER
    }

    /** When the response explains the decision in {@code x-sluice-decision}. */
    public enum Explain {
        NEVER,
        /** When the request has the header {@code x-sluice-explain: 1}. */
        ON_REQUEST,
        ALWAYS
    }
}
