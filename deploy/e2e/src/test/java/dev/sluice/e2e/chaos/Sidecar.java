package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A sidecar that a program can replace by a successor, as a supervisor would. Owned by the test's
 * thread.
 */
final class Sidecar implements AutoCloseable {
    /** Only a fault of its heap makes it refuse requests: without one, less than half is alive. */
    private static final String OVERLOAD =
            """
            overload_manager:
              refresh_interval: 0.25s
              resource_monitors:
              - name: heap
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig
                  max_heap_size_bytes: 134217728
              actions:
              - name: envoy.overload_actions.stop_accepting_requests
                triggers: [{name: heap, threshold: {value: 0.7}}]
            """;

    /** All that buffers of connections may take. */
    private static final String BUFFERS = "-XX:MaxDirectMemorySize=64m";

    private final Path folder;
    private final Path program;

    private Sidecar(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    /**
     * Starts the first process, and waits until it serves.
     *
     * @param folder for what it says and remembers
     * @param token file with the token of its admin listener
     */
    static Sidecar start(Path folder, Bootstrap bootstrap, Path token) throws IOException {
        Path config = folder.resolve("bootstrap.yaml");
        Files.writeString(config, bootstrap.yaml() + OVERLOAD);
        List<String> arguments =
                List.of(
                        "dev.sluice.proxy.boot.Main",
                        "-c",
                        config.toString(),
                        "--event-loops",
                        "1",
                        "--state",
                        folder.resolve("state").toString(),
                        "--hand-over",
                        folder.resolve("hand-over.sock").toString(),
                        "--admin-token",
                        token.toString(),
                        "--allow-process-faults");
        Path program = Files.writeString(folder.resolve("restart"), script(folder, arguments));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Sidecar sidecar = new Sidecar(folder, program);
        Process first =
                new ProcessBuilder(program.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("first.log").toFile())
                        .start();
        int exitCode = first.onExit().join().exitValue();
        assertThat(exitCode).as("the sidecar said %s", sidecar.said()).isZero();
        return sidecar;
    }

    /** Ends with 0 when the successor serves and the one before is gone, within 90 seconds. */
    private static String script(Path folder, List<String> arguments) {
        String command =
                Stream.concat(
                                Spawned.javaCommand(List.of()).stream(),
                                Stream.concat(Stream.of(BUFFERS), arguments.stream()))
                        .map(part -> "'" + part + "'")
                        .collect(Collectors.joining(" "));
        return """
        #!/bin/sh
        cd '%s' || exit 1
        before=$(cat pid 2>/dev/null)
        nohup %s > log 2>&1 < /dev/null &
        echo $! > pid
        tries=0
        until grep -q 'sluice proxy ready' log && [ ! -e "/proc/${before:-none}/exe" ]; do
          tries=$((tries + 1))
          [ "$tries" -lt 900 ] || exit 1
          [ -e "/proc/$(cat pid)/exe" ] || exit 1
          sleep 0.1
        done
        """
                .formatted(folder, command);
    }

    /** Replaces the process once; what an experiment runs. */
    Path program() {
        return program;
    }

    /** Number of the process that serves now. */
    long pid() {
        try {
            return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        } catch (IOException e) {
            throw new IllegalStateException("the sidecar was not started", e);
        }
    }

    /** What that process has said. */
    String said() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException nothing) {
            return "nothing";
        }
    }

    @Override
    public void close() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid());
        process.ifPresent(ProcessHandle::destroy);
        process.ifPresent(gone -> gone.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }
}
