package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/** Starts a control plane and stops it when it is told to. Stateless. */
public final class Main {
    private static final int CANNOT_START = 1;
    private static final int WRONG_SETTINGS = 2;

    private Main() {}

    /**
     * Runs until SIGTERM or SIGINT.
     *
     * @param args as {@code sluice control --help} says
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length > 0 && args[0].equals("audit")) {
            System.exit(audit(Arrays.copyOfRange(args, 1, args.length)));
        }
        if (args.length > 0 && args[0].equals("store")) {
            System.exit(store(Arrays.copyOfRange(args, 1, args.length)));
        }
        var options = new ControlCommand();
        int wrong = parse(options, args);
        if (wrong >= 0) {
            System.exit(wrong);
        }
        switch (read(options, System.getenv(), home())) {
            case Parsed.Refused<Settings>(var problems) ->
                    end(System.err, problems, WRONG_SETTINGS);
            case Parsed.Ok<Settings>(var settings) -> run(settings);
        }
    }

    /** Settings from options and, where they say nothing, the environment. */
    static Parsed<Settings> read(
            ControlCommand options, Map<String, String> environment, Path home) {
        options.fillFrom(environment);
        return SettingsReader.read(options, home);
    }

    private static int audit(String... arguments) {
        return new AuditCommand(to(System.out), to(System.err), defaults(), Clock.systemUTC())
                .run(arguments);
    }

    private static int store(String... arguments) {
        return new StoreCommand(to(System.out), to(System.err), defaults()).run(arguments);
    }

    private static PrintWriter to(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static LogDefaults defaults() {
        return new LogDefaults(home(), System.getenv());
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    private static void run(Settings settings) throws InterruptedException {
        ControlPlane plane;
        try {
            plane = ControlPlane.start(settings, Clock.systemUTC());
        } catch (StartFailure failure) {
            end(System.err, List.of(failure.problem()), CANNOT_START);
            return;
        }
        System.out.println(plane.readyLine());
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    plane.close();
                                    stopped.countDown();
                                },
                                "stop"));
        stopped.await();
    }

    /** Fills the options; the exit code when there is nothing to run, else -1. */
    private static int parse(ControlCommand options, String... args) {
        var commandLine = new CommandLine(options);
        try {
            CommandLine.ParseResult parsed = commandLine.parseArgs(args);
            Integer help = CommandLine.executeHelpRequest(parsed);
            return help == null ? -1 : help;
        } catch (CommandLine.ParameterException e) {
            System.err.println("sluice control: " + e.getMessage());
            System.err.println("see: sluice control --help");
            return WRONG_SETTINGS;
        }
    }

    private static void end(PrintStream to, List<Problem> problems, int exitCode) {
        problems.forEach(problem -> to.println("sluice control: " + problem.message()));
        System.exit(exitCode);
    }
}
