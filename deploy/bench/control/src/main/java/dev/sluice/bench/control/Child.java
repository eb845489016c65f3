package dev.sluice.bench.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of this class path that says what it does. Owned by one thread. */
public final class Child implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final BufferedReader said;
    private final long began;
    private final List<Line> lines = new ArrayList<>();

    private Child(Process process, long began) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
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
        return new Child(process, began);
    }

    /**
     * Waits for a line with these words, which may have come already; seconds from the start of the
     * process to that line.
     *
     * @throws IllegalStateException when it ended without them; the message has all that it said
     */
    public double waitFor(String words) throws IOException {
        return line(words).seconds();
    }

    /** As {@link #waitFor}; the whole line. */
    public String lineWith(String words) throws IOException {
        return line(words).text();
    }

    /** Of the operating system. */
    public long pid() {
        return process.pid();
    }

    private Line line(String words) throws IOException {
        int next = 0;
        while (true) {
            while (next < lines.size()) {
                Line line = lines.get(next++);
                if (line.text().contains(words)) {
                    return line;
                }
            }
            String text = said.readLine();
            if (text == null) {
                throw new IllegalStateException("it ended without '" + words + "': " + lines);
            }
            lines.add(new Line(text, (System.nanoTime() - began) / 1e9));
        }
    }

    /** Something that it said, and when. */
    private record Line(String text, double seconds) {}

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
