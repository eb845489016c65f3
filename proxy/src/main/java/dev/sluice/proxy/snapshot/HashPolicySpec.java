package dev.sluice.proxy.snapshot;

/**
 * One source of a request's hash (Envoy {@code RouteAction.HashPolicy}). Immutable.
 *
 * @param source what is hashed
 * @param terminal later policies are left out when this one found a value
 */
public record HashPolicySpec(Source source, boolean terminal) {
    /** What is hashed. */
    public sealed interface Source {
        record Header(String name) implements Source {}

        record Cookie(String name) implements Source {}

        record QueryParameter(String name) implements Source {}

        record SourceIp() implements Source {}
    }
}
