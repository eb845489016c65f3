package dev.sluice.control.cli.session;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A control plane to talk to. Immutable.
 *
 * @param host name or IP address
 * @param port 1..65,535
 * @param token what proves who is calling; empty when none is known
 * @param trustedCa file of the certificates that its TLS certificate must lead to; empty for plain
 *     text, which is spoken to loopback addresses only
 */
public record Target(String host, int port, Optional<String> token, Optional<Path> trustedCa) {
    String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Never tells the token. */
    @Override
    public String toString() {
        return address() + (trustedCa.isPresent() ? " (TLS)" : " (plain text)");
    }
}
