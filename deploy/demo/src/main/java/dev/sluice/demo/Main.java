package dev.sluice.demo;

import dev.sluice.demo.view.Screen;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code sluice demo [--once] [--folder PATH]}: takes a real schema change through a gate, then
 * takes one with a bug back. Exits 0 when everything that must hold did, 1 when not, 2 on a wrong
 * argument, and by the signal when it is told to end.
 */
public final class Main {
    private static final int USERS = 10_000;
    private static final int PER_SECOND = 200;
    private static final long SEED = 20_261_101;
    private static final Duration SOAK = Duration.ofSeconds(12);
    private static final Duration SHORT_SOAK = Duration.ofSeconds(6);
    private static final String USAGE =
            """
            Usage: sluice demo [--once] [--folder PATH]

            Takes a real schema change on a real PostgreSQL through a gate, under the load of
            10,000 users: first with a sound build, then with one that has a bug. Everything
            runs on this machine and is gone afterwards.

              --once          plain lines, shorter steps (about 4 minutes); for scripts
              --folder PATH   where state and logs go; default: a new folder for temporary files

            Exit codes: 0 everything that must hold did, 1 something did not, 2 wrong usage.
            """;

    private Main() {}

    /** Runs the demonstration and ends this process with its exit code. */
    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        if (given.equals(List.of("--help")) || given.equals(List.of("-h"))) {
            System.out.print(USAGE);
            return;
        }
        boolean once = given.contains("--once");
        int folderAt = given.indexOf("--folder");
        int known = (once ? 1 : 0) + (folderAt >= 0 ? 2 : 0);
        if (known != given.size()) {
            System.err.println(
                    "sluice demo: got "
                            + String.join(" ", given)
                            + " (expected: [--once] [--folder PATH]); see sluice demo --help");
            System.exit(2);
        }
        Path folder =
                folderAt >= 0
                        ? Path.of(given.get(folderAt + 1))
                        : Files.createTempDirectory("sluice-demo-");
        Screen screen = screen(once);
        screen.line("state and logs: " + folder);
        Duration soak = once ? SHORT_SOAK : SOAK;
        run(new Demo(new Demo.Settings(USERS, PER_SECOND, soak, SEED, folder), screen), screen);
    }

    private static void run(Demo demo, Screen screen)
            throws IOException, InterruptedException, SQLException {
        int exitCode;
        try (StopSignal stop =
                StopSignal.interrupts(
                        Thread.currentThread(), () -> screen.line("stopping everything"))) {
            try {
                exitCode = demo.run() ? 0 : 1;
            } catch (Exception e) {
                if (stop.came()) {
                    return; // broken off; the JVM ends by the signal
                }
                throw e;
            } finally {
                screen.close();
            }
        }
        System.exit(exitCode);
    }

    private static Screen screen(boolean once) {
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        boolean terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        if (once || !terminal || "dumb".equals(System.getenv("TERM"))) {
            return Screen.plain(out);
        }
        String noColor = System.getenv("NO_COLOR");
        return noColor == null || noColor.isEmpty() ? Screen.coloured(out) : Screen.colourless(out);
    }
}
