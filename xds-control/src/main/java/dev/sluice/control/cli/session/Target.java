package dev.sluice.control.cli.session;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A control plane to talk to. Immutable.
 *
 * @param host name or IP address
 * @param port 1..65,535
 * @param proof what proves who is calling
 * @param trustedCa file of the certificates that its TLS certificate must lead to; empty for plain
 *     text, which is spoken to loopback addresses only
 */
public record Target(String host, int port, Proof proof, Optional<Path> trustedCa) {
    /** What proves who is calling. */
    public sealed interface Proof {
        /** Nothing is known. */
        record None() implements Proof {}

        /** A bearer token. */
        record Token(String secret) implements Proof {}

        /** A client certificate chain and its private key, PEM files. */
        record Certificate(Path chain, Path key) implements Proof {}
    }

    String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Never tells the token. */
    @Override
    public String toString() {
        return address() + (trustedCa.isPresent() ? " (TLS)" : " (plain text)");
    }
}
