package dev.sluice.proxy.snapshot.tls;

import java.util.List;
import java.util.stream.Stream;

/** What may be kept apart from the resources that use it (Envoy {@code Secret}). Immutable. */
public sealed interface SecretSpec {
    /**
     * A certificate with its key.
     *
     * @param chain PEM, leaf first
     * @param key of the leaf
     */
    record Certificate(String chain, PrivateKeyText key) implements SecretSpec {}

    /**
     * How the peer's certificate is judged (Envoy {@code CertificateValidationContext}).
     *
     * @param trustedCa PEM of the authorities; empty: the peer's certificate is not judged
     * @param names the certificate has one of these; empty: any
     * @param hashes SHA-256 of the leaf, lower-case hex; it has one of these; empty: any
     * @param revoked PEM of certificate revocation lists; empty: none
     */
    record Validation(String trustedCa, List<SanMatcher> names, List<String> hashes, String revoked)
            implements SecretSpec {
        /** Nothing is judged. */
        public static final Validation NONE = new Validation("", List.of(), List.of(), "");

        public Validation {
            names = List.copyOf(names);
            hashes = List.copyOf(hashes);
        }

        /** This, with what the other says in place of or beside it, as Envoy merges them. */
        public Validation with(Validation other) {
            return new Validation(
                    other.trustedCa.isEmpty() ? trustedCa : other.trustedCa,
                    concat(names, other.names),
                    concat(hashes, other.hashes),
                    other.revoked.isEmpty() ? revoked : other.revoked);
        }

        private static <T> List<T> concat(List<T> first, List<T> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }
    }
}
