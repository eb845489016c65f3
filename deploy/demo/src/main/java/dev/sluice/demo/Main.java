package dev.sluice.demo;

import dev.sluice.demo.view.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code sluice demo [--once] [--folder PATH]}: takes a real schema change through a gate, then
 * takes one with a bug back. Exits 0 when everything that must hold did, 1 when not, 2 on a wrong
 * argument.
 */
public final class Main {
    private static final int USERS = 10_000;
    private static final int PER_SECOND = 200;
    private static final long SEED = 20_261_101;

    private Main() {}

    /**
     * Runs the demonstration and ends this process with its exit code.
     *
     * @param arguments {@code --once}: plain lines, no terminal needed; {@code --folder}: where
     *     state and logs go
     */
    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        boolean once = given.contains("--once");
        int folderAt = given.indexOf("--folder");
        int known = (once ? 1 : 0) + (folderAt >= 0 ? 2 : 0);
        if (known != given.size()) {
            System.err.println(
                    "sluice demo: got "
                            + given
                            + " (expected: [--once] [--folder PATH]); remove what is unknown");
            System.exit(2);
        }
        Path folder =
                folderAt >= 0
                        ? Path.of(given.get(folderAt + 1))
                        : Files.createTempDirectory("sluice-demo-");
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Screen screen =
                new Screen(out, !once && System.console() != null && System.console().isTerminal());
        screen.line("state and logs: " + folder);
        Demo.Settings settings =
                new Demo.Settings(
                        USERS, PER_SECOND, Duration.ofSeconds(once ? 6 : 12), SEED, folder);
        System.exit(new Demo(settings, screen).run() ? 0 : 1);
    }
}
