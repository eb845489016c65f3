package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A sidecar that a program can replace by a successor, as a supervisor would. Owned by the test's
 * thread.
 */
final class Sidecar implements AutoCloseable {
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
     * @param options of the proxy, its bootstrap among them
     */
    static Sidecar start(Path folder, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("dev.sluice.proxy.boot.Main"));
        arguments.addAll(options);
        arguments.addAll(List.of("--hand-over", folder.resolve("hand-over.sock").toString()));
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
                Spawned.javaCommand(arguments).stream()
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
