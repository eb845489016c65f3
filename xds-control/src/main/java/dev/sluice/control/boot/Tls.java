package dev.sluice.control.boot;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a listener proves itself and, if it must, its clients. Immutable.
 *
 * @param certificate chain, PEM
 * @param key private key, PEM
 * @param clientCa what client certificates must lead to, PEM; empty asks clients for none
 */
record Tls(Path certificate, Path key, Optional<Path> clientCa) {}
