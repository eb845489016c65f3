package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.part.CidrSpec;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which connections a filter chain is for (Envoy {@code FilterChainMatch}). What is empty matches
 * all. Immutable.
 *
 * @param destinationPort that the client reached
 * @param destinations ranges of the address that it reached
 * @param serverNames asked for in TLS: exact, or {@code *.suffix}; lower case
 * @param transportProtocol {@code tls} or {@code raw_buffer}
 * @param applicationProtocols one of those that the client offers
 * @param directSources ranges of the address of the direct peer
 * @param sourceType whether the client is on this machine
 * @param sources ranges of the client's address
 * @param sourcePorts of the client
 */
public record FilterChainMatchSpec(
        OptionalInt destinationPort,
        List<CidrSpec> destinations,
        List<String> serverNames,
        String transportProtocol,
        List<String> applicationProtocols,
        List<CidrSpec> directSources,
        SourceType sourceType,
        List<CidrSpec> sources,
        List<Integer> sourcePorts) {
    /** Matches all. */
    public static final FilterChainMatchSpec ALL =
            new FilterChainMatchSpec(
                    OptionalInt.empty(),
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    List.of(),
                    SourceType.ANY,
                    List.of(),
                    List.of());

    public FilterChainMatchSpec {
        destinations = List.copyOf(destinations);
        serverNames = List.copyOf(serverNames);
        applicationProtocols = List.copyOf(applicationProtocols);
        directSources = List.copyOf(directSources);
        sources = List.copyOf(sources);
        sourcePorts = List.copyOf(sourcePorts);
    }

    /** Where clients are. */
    public enum SourceType {
        ANY,
        /** On this machine: a loopback address, or the one that was reached. */
        SAME_IP_OR_LOOPBACK,
        /** Elsewhere. */
        EXTERNAL
    }
}
