package dev.sluice.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;

/** A program that runs beside the test and whose output is kept. Thread-safe. */
public final class Spawned implements AutoCloseable {
    private static final int LONGEST = 1000;

    private final Life life;
    private final List<String> output = new ArrayList<>(); // guarded by itself
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final String readyMark;

    private Spawned(Life life, String readyMark) {
        this.life = life;
        this.readyMark = readyMark;
    }

    /** What runs it. */
    private sealed interface Life {
        record OfProcess(Process process) implements Life {}

        record OfContainer(GenericContainer<?> container) implements Life {}
    }

    /** A program of this machine. */
    public static Spawned program(String readyMark, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Spawned spawned = new Spawned(new Life.OfProcess(process), readyMark);
        // A read of a process's output blocks the thread that carries it, virtual or not.
        Thread.ofPlatform().daemon().start(() -> spawned.read(process));
        return spawned;
    }

    /** A container that is not started yet. */
    static Spawned container(String readyMark, GenericContainer<?> container) {
        Spawned spawned = new Spawned(new Life.OfContainer(container), readyMark);
        container.withLogConsumer(spawned::read).start();
        return spawned;
    }

    /** A main class of our own, on the class path of this JVM. */
    public static Spawned java(String readyMark, List<String> mainAndArguments) throws IOException {
        return program(readyMark, javaCommand(mainAndArguments));
    }

    /** The command line of a main class of our own. */
    public static List<String> javaCommand(List<String> mainAndArguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-Dio.netty.leakDetection.level=paranoid",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return command;
    }

    /** A stock Envoy on a bootstrap file. */
    public static Spawned envoy(Path bootstrap) throws IOException {
        return Peer.named("envoy")
                .start(
                        "starting main dispatch loop",
                        List.of(
                                "-c",
                                bootstrap.toString(),
                                "--concurrency",
                                "1",
                                "--disable-hot-restart"),
                        bootstrap);
    }

    /** Our own proxy on a bootstrap file, as a process of its own, with more of its options. */
    public static Spawned proxy(Path bootstrap, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "dev.sluice.proxy.boot.Main",
                                "-c",
                                bootstrap.toString(),
                                "--event-loops",
                                "1"));
        arguments.addAll(List.of(options));
        return java("sluice proxy ready", arguments);
    }

    /** A loopback port that nobody listens on, and that no other caller was given. */
    public static int freePort() throws IOException {
        return Ports.HERE.next();
    }

    /** Waits for the line that says it serves. */
    public String awaitReady() {
        return ready.orTimeout(90, TimeUnit.SECONDS).join();
    }

    /** Writes a line to its standard input. */
    void tell(String line) throws IOException {
        process().outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    /** Sends it SIGINT. */
    void interrupt() throws IOException {
        Ran unused =
                Ran.program(List.of("kill", "-INT", Long.toString(process().pid())), Peer.LONGEST);
    }

    private Process process() {
        return switch (life) {
            case Life.OfProcess(Process process) -> process;
            case Life.OfContainer(GenericContainer<?> container) ->
                    throw new IllegalStateException(
                            container.getDockerImageName()
                                    + " is a container (expected: a program of this machine)");
        };
    }

    /** Asks it to end, and waits until it has; all that it said, its last words included. */
    public List<String> finish() {
        switch (life) {
            // Not by the process itself, which would close its output first.
            case Life.OfProcess(Process process) -> {
                boolean unused = process.toHandle().destroy();
            }
            case Life.OfContainer(GenericContainer<?> container) -> container.stop();
        }
        return awaitEnd();
    }

    /** Waits until it has ended; all that it said. */
    List<String> awaitEnd() {
        end.orTimeout(90, TimeUnit.SECONDS).join();
        return output();
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ended();
    }

    private void read(OutputFrame frame) {
        if (frame.getType() == OutputFrame.OutputType.END) {
            ended();
        } else {
            frame.getUtf8String().lines().forEach(this::heard);
        }
    }

    private void heard(String line) {
        synchronized (output) {
            output.add(line);
        }
        if (line.contains(readyMark)) {
            ready.complete(line);
        }
    }

    private void ended() {
        ready.completeExceptionally(new IOException("it ended; it said last: " + lastWords()));
        end.complete(null);
    }

    public List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    private String lastWords() {
        List<String> said = output();
        String last = said.isEmpty() ? "nothing" : said.getLast();
        return last.length() <= LONGEST ? last : last.substring(0, LONGEST) + "…";
    }

    /** Ends it at once, without its doing. */
    void kill() throws InterruptedException {
        switch (life) {
            case Life.OfProcess(Process process) -> {
                process.destroyForcibly();
                process.waitFor();
            }
            case Life.OfContainer(GenericContainer<?> container) -> container.stop();
        }
    }

    @Override
    public void close() {
        switch (life) {
            case Life.OfProcess(Process process) -> end(process);
            case Life.OfContainer(GenericContainer<?> container) -> container.stop();
        }
    }

    private static void end(Process process) {
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
