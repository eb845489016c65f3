package dev.sluice.proxy.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.telemetry.AccessLogs;
import io.netty.util.NetUtil;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code sluice proxy}: starts one proxy from an Envoy bootstrap. Exit codes: 0 after an orderly
 * end, 1 when it could not serve, 2 for a wrong command line or bootstrap.
 */
public final class Main {
    private static final int BAD_INPUT = 2;
    private static final int NOT_SERVING = 1;

    /** Held so that the level stays set: loggers are referenced weakly. */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        int code = run(System.out, System.err, args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(PrintStream out, PrintStream err, String... args)
            throws InterruptedException {
        Parsed<Arguments> parsed = Arguments.parse(args);
        if (!(parsed instanceof Parsed.Ok<Arguments>(Arguments arguments))) {
            return refuse(err, parsed.problems());
        }
        if (arguments.help()) {
            out.print(Arguments.USAGE);
            return 0;
        }
        Parsed<BootstrapSpec> read = bootstrap(arguments.config().orElseThrow());
        if (!(read instanceof Parsed.Ok<BootstrapSpec>(BootstrapSpec bootstrap))) {
            return refuse(err, read.problems());
        }
        logAt(arguments.logLevel());
        return serve(arguments, bootstrap, out, err);
    }

    private static int serve(
            Arguments arguments, BootstrapSpec bootstrap, PrintStream out, PrintStream err)
            throws InterruptedException {
        ProxySettings defaults = ProxySettings.defaults();
        ProxySettings settings =
                defaults.withEventLoops(arguments.eventLoops().orElse(defaults.eventLoops()));
        AccessLogs logs = new AccessLogs();
        Proxy proxy = Proxy.start(settings, ProxyObservers.NONE.withExchanges(logs));
        List<Problem> problems = new ArrayList<>(logs.follow(bootstrap.listeners()));
        problems.addAll(proxy.swap(Bootstraps.snapshot(1, bootstrap)).join());
        if (!problems.isEmpty()) {
            refuse(err, problems);
            proxy.close();
            return NOT_SERVING;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    proxy.drain().join();
                                    proxy.close();
                                    logs.close();
                                    ended.countDown();
                                },
                                "sluice-end"));
        for (Listeners.Bound bound : proxy.bound().join()) {
            out.println(
                    "sluice proxy ready: listener %s on %s"
                            .formatted(
                                    bound.name(), NetUtil.toSocketAddressString(bound.address())));
        }
        out.flush();
        ended.await();
        return 0;
    }

    private static Parsed<BootstrapSpec> bootstrap(String file) {
        try {
            return BootstrapReader.read(Files.readString(Path.of(file)), file);
        } catch (NoSuchFileException e) {
            return unreadable(file, "no such file", "give the path of an Envoy bootstrap");
        } catch (MalformedInputException e) {
            return unreadable(file, "bytes that are not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            return unreadable(file, e.toString(), "check the file and its permissions");
        }
    }

    private static Parsed<BootstrapSpec> unreadable(String file, String got, String remedy) {
        return Parsed.refused(new Problem(file, got, "an Envoy bootstrap, YAML or JSON", remedy));
    }

    private static int refuse(PrintStream err, List<Problem> problems) {
        problems.forEach(problem -> err.println("sluice proxy: " + problem.message()));
        return BAD_INPUT;
    }

    private static void logAt(String level) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        NETTY.setLevel(
                switch (level) {
                    case "error" -> Level.SEVERE;
                    case "info" -> Level.INFO;
                    case "debug" -> Level.FINE;
                    default -> Level.WARNING;
                });
    }
}
