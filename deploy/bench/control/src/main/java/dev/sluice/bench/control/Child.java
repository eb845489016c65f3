package dev.sluice.bench.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of this class path that says what it does. It is listened to all the time, or it would
 * wait once a pipe is full. Owned by one thread.
 */
public final class Child implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final long began;
    private final BlockingQueue<Line> said = new LinkedBlockingQueue<>();
    private final List<Line> lines = new ArrayList<>();

    private Child(Process process, long began) {
        this.process = process;
        this.began = began;
    }

    static Child start(String main, List<String> arguments) throws IOException {
        return start(List.of("-Xmx1g"), main, arguments);
    }

    /**
     * Starts one.
     *
     * @param flags of its JVM
     */
    public static Child start(List<String> flags, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SLUICE_LOG", "INFO");
        long began = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop"));
        var child = new Child(process, began);
        Thread.ofPlatform().daemon().name("listen").start(child::listen);
        return child;
    }

    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                said.add(new Line.Said(text, (System.nanoTime() - began) / 1e9));
            }
        } catch (IOException closed) {
            return; // by us
        } finally {
            said.add(new Line.End());
        }
    }

    /**
     * Waits for a line with these words, which may have come already; seconds from the start of the
     * process to that line.
     *
     * @throws IllegalStateException when it ended without them; the message has all that it said
     */
    public double waitFor(String words) throws InterruptedException {
        return line(words).seconds();
    }

    /** As {@link #waitFor}; the whole line. */
    public String lineWith(String words) throws InterruptedException {
        return line(words).text();
    }

    /** Of the operating system. */
    public long pid() {
        return process.pid();
    }

    private Line.Said line(String words) throws InterruptedException {
        int next = 0;
        while (true) {
            if (next == lines.size()) {
                lines.add(said.take());
            }
            switch (lines.get(next++)) {
                case Line.Said line when line.text().contains(words) -> {
                    return line;
                }
                case Line.Said _ -> {}
                case Line.End _ ->
                        throw new IllegalStateException(
                                "it ended without '" + words + "': " + lines);
            }
        }
    }

    private sealed interface Line {
        /** Something that it said, and when. */
        record Said(String text, double seconds) implements Line {}

        /** It says no more. */
        record End() implements Line {}
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
