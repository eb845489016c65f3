package dev.sluice.proxy.snapshot.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

        /**
         * A cookie.
         *
         * @param issue how a client without one is given it; absent: it is not
         */
        record Cookie(String name, Optional<IssuedCookie> issue) implements Source {}

        record QueryParameter(String name) implements Source {}

        record SourceIp() implements Source {}
    }

    /**
     * Attributes of a cookie that is given to clients.
     *
     * @param lifetime zero: until the client closes
     * @param path empty: none
     * @param attributes further ones, in order; an empty value leaves the name alone
     */
    public record IssuedCookie(Duration lifetime, String path, List<Attribute> attributes) {
        public IssuedCookie {
            attributes = List.copyOf(attributes);
        }

        /** One attribute, such as {@code SameSite=Lax}. */
        public record Attribute(String name, String value) {}
    }
}
