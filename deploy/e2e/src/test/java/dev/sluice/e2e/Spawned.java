package dev.sluice.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A child process whose output is kept. Thread-safe. */
final class Spawned implements AutoCloseable {
    private final Process process;
    private final List<String> output = new ArrayList<>(); // guarded by itself
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private Spawned(Process process, String readyMark) {
        this.process = process;
        Thread.ofVirtual().start(() -> read(readyMark));
    }

    /** A program of this machine. */
    static Spawned program(String readyMark, List<String> command) throws IOException {
        return new Spawned(
                new ProcessBuilder(command).redirectErrorStream(true).start(), readyMark);
    }

    /** A main class of our own, on the class path of this JVM. */
    static Spawned java(String readyMark, List<String> mainAndArguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return program(readyMark, command);
    }

    /** Waits for the line that says it serves. */
    String awaitReady() {
        return ready.orTimeout(90, TimeUnit.SECONDS).join();
    }

    /** Writes a line to its standard input. */
    void tell(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    private void read(String readyMark) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.contains(readyMark)) {
                    ready.complete(line);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("it ended; its output: " + output()));
    }

    List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /** Ends it at once, without its doing. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
