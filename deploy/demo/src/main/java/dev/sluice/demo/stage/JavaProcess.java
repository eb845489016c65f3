package dev.sluice.demo.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child process on this process's own class path, its output in a log file. Thread-safe. */
final class JavaProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final Path log;
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private JavaProcess(String name, Process process, Path log, String readyMark) {
        this.name = name;
        this.process = process;
        this.log = log;
        // A read of a process's output blocks the thread that carries it, virtual or not.
        Thread.ofPlatform().daemon().name(name + "-log").start(() -> copyOutput(readyMark));
    }

    /**
     * Starts a process; it is not ready yet.
     *
     * @param name of the log file
     * @param logs folder
     * @param heapMegabytes of the child
     * @param readyMark the first line of output that contains it says that the child serves
     * @param mainAndArguments main class first
     */
    static JavaProcess start(
            String name,
            Path logs,
            int heapMegabytes,
            String readyMark,
            List<String> mainAndArguments)
            throws IOException {
        Process process =
                new ProcessBuilder(command(heapMegabytes, mainAndArguments))
                        .redirectErrorStream(true)
                        .start();
        return new JavaProcess(name, process, logs.resolve(name + ".log"), readyMark);
    }

    /** What starts a child on this process's own class path, main class first. */
    static List<String> command(int heapMegabytes, List<String> mainAndArguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx" + heapMegabytes + "m",
                                "-Xss512k",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return command;
    }

    /**
     * Waits until it serves.
     *
     * @return the line that said so
     * @throws IOException if it ended or said nothing for two minutes; with the log's last lines
     */
    String awaitReady() throws IOException, InterruptedException {
        try {
            return ready.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            throw new IOException(
                    name
                            + " did not become ready ("
                            + (e instanceof TimeoutException
                                    ? "no word for two minutes"
                                    : "it ended")
                            + "); the end of "
                            + log
                            + ":\n  "
                            + String.join(
                                    "\n  ",
                                    lines.subList(Math.max(0, lines.size() - 15), lines.size())),
                    e);
        }
    }

    private void copyOutput(String readyMark) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                var file = Files.newBufferedWriter(log)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                if (line.contains(readyMark)) {
                    ready.complete(line);
                }
            }
            ready.completeExceptionally(new IOException(name + " ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Asks it to end, then insists. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
