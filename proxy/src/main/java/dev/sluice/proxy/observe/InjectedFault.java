package dev.sluice.proxy.observe;

import java.util.Optional;

/**
 * A fault that was injected into an exchange. Immutable.
 *
 * @param source who asked for it: a lease such as {@code faults/slow}, or the name of an HTTP
 *     filter
 * @param kind its word, such as {@code cut_body}
 * @param flag the exchange's response flag; absent: none
 * @param mark what it means for evidence
 */
public record InjectedFault(
        String source, String kind, Optional<ResponseFlag> flag, FaultMark mark) {}
