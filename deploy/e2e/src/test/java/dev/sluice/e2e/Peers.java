package dev.sluice.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real programs that interop tests run: those in the folder that system property {@code
 * sluice.peers} names, by default where {@code deploy/interop/install-peers} puts them. Pure.
 */
final class Peers {
    private Peers() {}

    /** An installed program. */
    static Path binary(String name) {
        Path folder = Path.of(System.getProperty("sluice.peers", "../interop/target/peers/bin"));
        Path binary = folder.resolve(name).toAbsolutePath();
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException(
                    binary
                            + " is missing (expected: "
                            + name
                            + "); run deploy/interop/install-peers");
        }
        return binary;
    }
}
