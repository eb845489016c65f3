package dev.sluice.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A program that ran to its end. Immutable.
 *
 * @param output standard output and standard error, as they came
 */
public record Ran(int exitCode, String output) {
    /**
     * Runs it.
     *
     * @param longest after it, the program is ended
     * @throws IllegalStateException when it did not end by itself
     */
    public static Ran program(List<String> command, Duration longest) throws IOException {
        Path output = Files.createTempFile("ran", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(longest)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end: " + text(output));
            }
            return new Ran(process.exitValue(), text(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        } finally {
            Files.delete(output);
        }
    }

    private static String text(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }
}
