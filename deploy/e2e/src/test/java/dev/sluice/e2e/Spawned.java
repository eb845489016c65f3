package dev.sluice.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A child process whose output is kept. Thread-safe. */
public final class Spawned implements AutoCloseable {
    private static final int LONGEST = 1000;

    private final Process process;
    private final List<String> output = new ArrayList<>(); // guarded by itself
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private Spawned(Process process, String readyMark) {
        this.process = process;
        Thread.ofVirtual().start(() -> read(readyMark));
    }

    /** A program of this machine. */
    public static Spawned program(String readyMark, List<String> command) throws IOException {
        return new Spawned(
                new ProcessBuilder(command).redirectErrorStream(true).start(), readyMark);
    }

    /** A main class of our own, on the class path of this JVM. */
    public static Spawned java(String readyMark, List<String> mainAndArguments) throws IOException {
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
        return program(readyMark, command);
    }

    /** A stock Envoy on a bootstrap file. */
    public static Spawned envoy(Path bootstrap) throws IOException {
        return program(
                "starting main dispatch loop",
                List.of(
                        Peers.binary("envoy").toString(),
                        "-c",
                        bootstrap.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart"));
    }

    /** Our own proxy on a bootstrap file, as a process of its own. */
    public static Spawned proxy(Path bootstrap) throws IOException {
        return java(
                "sluice proxy ready",
                List.of(
                        "dev.sluice.proxy.boot.Main",
                        "-c",
                        bootstrap.toString(),
                        "--event-loops",
                        "1"));
    }

    /** A loopback port that nobody listens on at this moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits for the line that says it serves. */
    public String awaitReady() {
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
        ready.completeExceptionally(new IOException("it ended; it said last: " + lastWords()));
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
