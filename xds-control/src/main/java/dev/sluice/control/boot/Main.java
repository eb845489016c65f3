package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sluice control}: starts one control plane. Exit codes: 0 after an orderly end, 1 when it could not serve, 2 for
 * a wrong command line.
 */
public final class Main {
    private static final int NOT_SERVING = 1;
    private static final int BAD_INPUT = 2;

    private Main() {}

    /** @param arguments see {@link Settings#USAGE} */
    public static void main(String[] arguments) throws InterruptedException {
        int code = run(List.of(arguments), System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            out.print(Settings.USAGE);
            return 0;
        }
        return switch (Settings.parse(arguments, System.getenv())) {
            case Parsed.Refused<Settings>(List<Problem> problems) -> {
                problems.forEach(problem -> err.println("sluice control: " + problem.message()));
                yield BAD_INPUT;
            }
            case Parsed.Ok<Settings>(Settings settings) -> serve(settings, out, err);
        };
    }

    private static int serve(Settings settings, PrintStream out, PrintStream err) throws InterruptedException {
        ControlPlane control;
        try {
            control = ControlPlane.start(settings);
        } catch (IOException | StoreException | IllegalArgumentException e) {
            err.println("sluice control: " + e.getMessage());
            return NOT_SERVING;
        }
        ControlPlane.Addresses at = control.addresses();
        out.println("sluice control ready: admin "
                + settings.admin().getAddress().getHostAddress() + ":" + at.admin()
                + ", xds " + settings.xds().getAddress().getHostAddress() + ":" + at.xds()
                + ", status page http://" + settings.web().getAddress().getHostAddress() + ":" + at.web() + "/"
                + ", state " + settings.state().toAbsolutePath());
        out.flush();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            control.close();
            ended.countDown();
        }));
        ended.await();
        return 0;
    }
}
