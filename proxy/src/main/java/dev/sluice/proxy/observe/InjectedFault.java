package dev.sluice.proxy.observe;

/**
 * A fault that was injected into an exchange. Immutable.
 *
 * @param source who asked for it: a lease such as {@code faults/slow}, or the name of an HTTP
 *     filter
 * @param kind its word, such as {@code cut_body}
 * @param flag the exchange's response flag
 * @param mark what it means for evidence
 */
public record InjectedFault(String source, String kind, ResponseFlag flag, FaultMark mark) {}
