package dev.sluice.proxy.snapshot.tls;

import dev.sluice.contract.match.StringMatcher;

/**
 * A subject alternative name that a certificate must have (Envoy {@code SubjectAltNameMatcher}).
 * Immutable.
 *
 * @param kind of the name
 * @param matcher of its text; addresses as IPv4 dotted or IPv6 in RFC 5952 form
 */
public record SanMatcher(Kind kind, StringMatcher matcher) {
    /** Kinds of names (RFC 5280 section 4.2.1.6), with their numbers there. */
    public enum Kind {
        EMAIL(1),
        DNS(2),
        /** SPIFFE ids are such. */
        URI(6),
        IP_ADDRESS(7);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Tag of {@code GeneralName}. */
        public int number() {
            return number;
        }
    }
}
