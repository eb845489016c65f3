package dev.sluice.bench.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Figures of the event log on SQLite: commands per second when every commit takes 5 ms more, the
 * start of a control plane from a long log, and the verification of that log. Control plane and
 * audit are processes of their own; their times include the start of the JVM.
 *
 * <pre>LogBench FOLDER COMMANDS EVENTS</pre>
 *
 * The folder must have no log yet. Prints one JSON object.
 */
public final class LogBench {
    private LogBench() {}

    /** Runs it; a figure that can't be taken ends it with the reason. */
    public static void main(String... args) throws IOException, InterruptedException {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    args.length + " arguments (expected FOLDER COMMANDS EVENTS)");
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        int commands = Integer.parseInt(args[1]);
        int events = Integer.parseInt(args[2]);

        CommandRate rate = CommandRate.measure(folder.resolve("commands.db"), commands);
        Path state = Files.createDirectories(folder.resolve("state"));
        Path log = state.resolve("events.db");
        LongLog.write(log, events);
        long bytes = Files.size(log);
        double whole = startThatTakesAnImage(state);
        double fromImage = start(state);
        double verified = verify(state);

        System.out.printf(
                Locale.ROOT,
                """
                {
                 "commands": {
                  "count": %d,
                  "added_ms_per_commit": %d,
                  "per_second": %.0f,
                  "commits_per_command": %.4f
                 },
                 "log": {
                  "events": %d,
                  "bytes": %d,
                  "start_from_nothing_seconds": %.1f,
                  "start_from_image_seconds": %.1f,
                  "verify_seconds": %.1f
                 }
                }
                """,
                rate.commands(),
                CommandRate.ADDED.toMillis(),
                rate.perSecond(),
                rate.commitsPerCommand(),
                events,
                bytes,
                whole,
                fromImage,
                verified);
    }

    private static double startThatTakesAnImage(Path state)
            throws IOException, InterruptedException {
        try (Child plane = plane(state)) {
            double seconds = plane.waitFor("sluice control ready");
            double unused = plane.waitFor("an image of the state at event");
            return seconds;
        }
    }

    private static double start(Path state) throws IOException, InterruptedException {
        try (Child plane = plane(state)) {
            return plane.waitFor("sluice control ready");
        }
    }

    private static double verify(Path state) throws IOException, InterruptedException {
        try (Child audit =
                Child.start(
                        "dev.sluice.control.boot.Main",
                        List.of("audit", "verify", "--state", state.toString()))) {
            return audit.waitFor("whole: ");
        }
    }

    private static Child plane(Path state) throws IOException {
        return Child.start(
                "dev.sluice.control.boot.Main",
                List.of(
                        "--state",
                        state.toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--xds-listen",
                        "127.0.0.1:0",
                        "--web-listen",
                        "off"));
    }
}
