package dev.sluice.chaos;

import java.nio.file.Files;
import java.nio.file.Path;

/** Installed peers: in the folder of {@code sluice.peers}, or where install-peers puts them. */
public final class Peers {
    private Peers() {}

    /** The program of that name; its version is that of install-peers. */
    public static Path find(String name) {
        Path folder =
                Path.of(System.getProperty("sluice.peers", "../deploy/interop/target/peers/bin"));
        Path binary = folder.resolve(name).toAbsolutePath();
        if (!Files.isExecutable(binary)) {
            throw new AssertionError(binary + " is missing; run install-peers");
        }
        return binary;
    }
}
