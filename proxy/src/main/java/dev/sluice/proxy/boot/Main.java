package dev.sluice.proxy.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.admin.AdminToken;
import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.process.StateDisk;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.NodeNames;
import dev.sluice.proxy.runtime.RuntimeLayers;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * {@code sluice proxy}: starts one proxy from an Envoy bootstrap. Exit codes: 0 after an orderly
 * end, 1 when it could not serve, 2 for a wrong command line or bootstrap.
 */
public final class Main {
    private static final int BAD_INPUT = 2;
    private static final int NOT_SERVING = 1;

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
        Parsed<BootstrapSpec> read = bootstrap(arguments.config().orElseThrow(), arguments.node());
        if (!(read instanceof Parsed.Ok<BootstrapSpec>(BootstrapSpec bootstrap))) {
            return refuse(err, read.problems());
        }
        Parsed<Optional<AdminToken>> token = token(arguments);
        if (!(token instanceof Parsed.Ok<Optional<AdminToken>>(Optional<AdminToken> shown))) {
            return refuse(err, token.problems());
        }
        LogLevels logs = new LogLevels();
        logs.all(arguments.logLevel());
        Optional<OwnFaults> faults =
                arguments.processFaults()
                        ? Optional.of(new OwnFaults(Clock.systemUTC()))
                        : Optional.empty();
        AdminDoor door = new AdminDoor(bootstrap.admin(), shown, faults, logs, out);
        return serve(arguments, bootstrap, door, err);
    }

    private static int serve(
            Arguments arguments, BootstrapSpec bootstrap, AdminDoor door, PrintStream err)
            throws InterruptedException {
        Parsed<Succession> asked = Succession.begin(arguments.handOver().map(Path::of));
        if (!(asked instanceof Parsed.Ok<Succession>(Succession succession))) {
            refuse(err, asked.problems());
            return NOT_SERVING;
        }
        RuntimeLayers runtime = new RuntimeLayers(bootstrap.runtime());
        ProxySettings defaults = ProxySettings.defaults();
        ProxySettings settings =
                defaults.withClock(door.faults().map(OwnFaults::clock).orElse(defaults.clock()))
                        .withEventLoops(arguments.eventLoops().orElse(defaults.eventLoops()))
                        .withOverload(Overload.of(bootstrap.overload(), runtime))
                        .withRuntime(runtime)
                        .withSource(bootstrap.upstreamSource())
                        .withTapRedact(arguments.tapRedact())
                        .withHanded(succession.sockets())
                        .withIdentity(Identity.fresh(bootstrap.node().id(), new SecureRandom()));
        Telemetry telemetry = new Telemetry(runtime);
        Proxy proxy = Proxy.start(settings, telemetry.observers());
        telemetry.sendSpansBy(proxy.spanSender());
        Started started = new Started(bootstrap, proxy, telemetry, door, succession);
        CountDownLatch ended = new CountDownLatch(1);
        List<Problem> problems = new ArrayList<>(telemetry.logs().follow(bootstrap.listeners()));
        if (bootstrap.ads().isPresent()) {
            problems.addAll(serveManaged(arguments, started, err, ended));
        } else {
            problems.addAll(serveStatic(started, ended));
        }
        if (!problems.isEmpty()) {
            refuse(err, problems);
            succession.giveUp();
            proxy.close();
            telemetry.close();
            return NOT_SERVING;
        }
        ended.await();
        return 0;
    }

    /** The parts of this process. */
    private record Started(
            BootstrapSpec bootstrap,
            Proxy proxy,
            Telemetry telemetry,
            AdminDoor door,
            Succession succession) {
        Parsed<Optional<AdminServer>> openAdmin(ConfigurationOrigin origin) {
            return door.open(proxy, telemetry, origin, succession.sockets());
        }

        List<Problem> serves(Optional<AdminServer> admin) {
            return succession.serves(proxy, admin, AdminDoor::end);
        }
    }

    private static List<Problem> serveStatic(Started started, CountDownLatch ended) {
        Proxy proxy = started.proxy();
        List<Problem> problems = proxy.swap(Bootstraps.snapshot(1, started.bootstrap())).join();
        if (!problems.isEmpty()) {
            return problems;
        }
        tellReady(proxy, started.door().out());
        return switch (started.openAdmin(new StaticOrigin(started.bootstrap()))) {
            case Parsed.Refused<Optional<AdminServer>> refused -> refused.problems();
            case Parsed.Ok<Optional<AdminServer>>(Optional<AdminServer> admin) -> {
                atEnd(() -> {}, proxy, started.telemetry(), ended);
                yield started.serves(admin);
            }
        };
    }

    private static List<Problem> serveManaged(
            Arguments arguments, Started started, PrintStream err, CountDownLatch ended) {
        Proxy proxy = started.proxy();
        Managed managed;
        try {
            managed =
                    Managed.start(
                            started.bootstrap(),
                            arguments.state().map(Path::of),
                            started.door().faults().map(OwnFaults::disk).orElseGet(StateDisk::new),
                            proxy,
                            started.telemetry());
        } catch (IOException e) {
            return List.of(
                    new Problem(
                            "--state",
                            e.toString(),
                            "a folder that this user may write to",
                            "name another folder, or change its permissions"));
        }
        return switch (started.openAdmin(managed)) {
            case Parsed.Refused<Optional<AdminServer>> refused -> {
                managed.close();
                yield refused.problems();
            }
            case Parsed.Ok<Optional<AdminServer>>(Optional<AdminServer> admin) -> {
                managed.onReady(() -> {
                    tellReady(proxy, started.door().out());
                    refuse(err, started.serves(admin));
                });
                atEnd(managed::close, proxy, started.telemetry(), ended);
                yield List.of();
            }
        };
    }

    private static void tellReady(Proxy proxy, PrintStream out) {
        List<Listeners.Bound> listeners = proxy.bound().join();
        for (Listeners.Bound bound : listeners) {
            String address = NetUtil.toSocketAddressString(bound.address());
            out.println("sluice proxy ready: listener " + bound.name() + " on " + address);
        }
        if (listeners.isEmpty()) {
            out.println("sluice proxy ready: no listener");
        }
        out.flush();
    }

    /** On a signal: clients leave first, then the control plane hears goodbye. */
    private static void atEnd(
            Runnable goodbye, Proxy proxy, Telemetry telemetry, CountDownLatch ended) {
        Runnable end =
                () -> {
                    proxy.drain().join();
                    goodbye.run();
                    telemetry.closeSpans();
                    proxy.close();
                    telemetry.close();
                    ended.countDown();
                };
        Runtime.getRuntime().addShutdownHook(new Thread(end, "sluice-end"));
    }

    private static Parsed<Optional<AdminToken>> token(Arguments arguments) {
        return arguments
                .adminToken()
                .map(file -> AdminToken.read(Path.of(file)).map(Optional::of))
                .orElseGet(() -> Parsed.ok(Optional.empty()));
    }

    private static Parsed<BootstrapSpec> bootstrap(String file, NodeNames names) {
        try {
            return BootstrapReader.read(Files.readString(Path.of(file)), file, names);
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
}
