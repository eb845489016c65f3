package dev.sluice.e2e.chaos;

import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A control plane of its own process. Immutable. */
record ControlProcess(Spawned process, int xdsPort) implements AutoCloseable {
    /** Starts one on the state of a folder, and waits until it serves. */
    static ControlProcess start(Path state, int adminPort, int xdsPort) throws IOException {
        Spawned started =
                Spawned.java(
                        "sluice control ready",
                        List.of(
                                "dev.sluice.control.boot.Main",
                                "--listen",
                                "127.0.0.1:" + adminPort,
                                "--xds-listen",
                                "127.0.0.1:" + xdsPort,
                                "--web-listen",
                                "127.0.0.1:0",
                                "--state",
                                state.toString()));
        started.awaitReady();
        return new ControlProcess(started, xdsPort);
    }

    /** Copies the state of one that nobody tells anything meanwhile. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
