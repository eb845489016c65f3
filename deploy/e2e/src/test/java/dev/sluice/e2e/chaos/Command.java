package dev.sluice.e2e.chaos;

import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A command of the chaos module that runs beside the test. Owned by the test's thread. */
final class Command implements AutoCloseable {
    private static final long MINUTES = 5;

    private final Process process;
    private final Path output;

    private Command(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it, as a process of its own on the class path of this one. */
    static Command start(Path folder, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.sluice.chaos.cli.Main"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, arguments[0], ".txt");
        return new Command(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /**
     * Writes a program {@code PROGRAM ARGUMENTS} that does what {@code sluice} does: {@code chaos
     * COMMAND …} runs commands of the chaos module, all else those of the control plane.
     *
     * @param state of the control plane, in which its token is
     */
    static Path program(Path folder, int controlPort, Path state) throws IOException {
        Path program = folder.resolve("sluice");
        Files.writeString(
                program,
                """
                #!/bin/sh
                case "$1" in
                  chaos) shift; exec %s "$@" ;;
                esac
                SLUICE_SERVER=127.0.0.1:%d SLUICE_TOKEN=$(cat '%s') exec %s "$@"
                """
                        .formatted(
                                quoted("dev.sluice.chaos.cli.Main"),
                                controlPort,
                                state.resolve("admin.token"),
                                quoted("dev.sluice.control.cli.Main")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    private static String quoted(String main) {
        return Spawned.javaCommand(List.of(main)).stream()
                .map(part -> "'" + part + "'")
                .collect(Collectors.joining(" "));
    }

    /** Waits for its end, for five minutes at most; its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException("it did not end: " + said());
        }
        return process.exitValue();
    }

    /** All that it has written so far. */
    String said() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return gone.toString();
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
