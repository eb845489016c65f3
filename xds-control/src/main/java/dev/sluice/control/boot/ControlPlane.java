package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.admin.AdminServer;
import dev.sluice.control.admin.access.Access;
import dev.sluice.control.admin.access.AdminToken;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.orchestrate.MigrationRunner;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.store.PostgresEventStore;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.web.WebServer;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.XdsServer;
import io.grpc.Server;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control plane, wired. Starts from the log outward: store, change path, what nodes talk to,
 * what people talk to, and last the clockwork; stops the other way round. Thread-safe.
 */
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    static final String LOG_FILE = "events.db";
    private static final long TICK_MILLIS = 250;
    private static final int LARGEST_MESSAGE = 16 << 20;
    private static final long STOP_SECONDS = 5;

    /** What to close, the newest first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final Settings settings;
    private final Clock clock;
    private int adminPort;
    private int xdsPort;
    private Optional<Integer> webPort = Optional.empty();

    private ControlPlane(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Starts a control plane; what was started is stopped again when it cannot.
     *
     * @throws StartFailure with the reason
     */
    static ControlPlane start(Settings settings, Clock clock) {
        var plane = new ControlPlane(settings, clock);
        try {
            plane.wire();
            return plane;
        } catch (RuntimeException e) {
            plane.close();
            throw e instanceof StoreException refused
                    ? new StartFailure(refused.problem(), refused)
                    : e;
        }
    }

    private void wire() {
        Access access = Access.of(token(), settings.users(), clock);
        var evidence = new EvidenceTotals();
        var roll = new NodeRoll(clock);
        var ledger = new NodeLedger(clock, roll);
        XdsServer xds = keep(new XdsServer(ledger, evidence, settings.nodeProof(), clock));
        ChangePath path = changePath(xds, access.governance());
        roll.open(path::submit);
        ScheduledExecutorService timer = timer();
        var migrations = new MigrationRunner(path, xds::fleet, clock);
        var ramps = new RampRunner(path, xds::fleet, evidence, new KeyJudge(), clock);
        var nodeStates =
                new LedgerStates(
                        ledger,
                        path.feed()::latest,
                        (node, gate) -> xds.hasAccepted(node, gate.presentEntry().seq()),
                        timer);
        xdsPort = listenForNodes(xds);
        AdminServer admin = admin(path, nodeStates, ramps, migrations, access);
        adminPort = admin.port();
        webPort = settings.web().map(address -> web(address, path, evidence, nodeStates, ramps));
        repeat(timer, ramps::tick);
        repeat(timer, migrations::tick);
        repeat(timer, path::retryKills);
        repeat(timer, () -> roll.tick(path.feed().latest(), ledger, evidence));
    }

    /** One line for people and scripts: that it serves, and where. */
    String readyLine() {
        return "sluice control ready: admin %s, xds %s, web %s, state %s"
                .formatted(
                        address(settings.admin(), adminPort),
                        address(settings.xds(), xdsPort),
                        webPort.map(port -> "http://" + address(settings.web().orElseThrow(), port))
                                .orElse("off"),
                        settings.state()
                                + settings.database()
                                        .map(database -> ", store " + database)
                                        .orElse(""));
    }

    int adminPort() {
        return adminPort;
    }

    int xdsPort() {
        return xdsPort;
    }

    Optional<Integer> webPort() {
        return webPort;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.warn("a part did not stop cleanly", e);
            }
        }
    }

    private AdminToken token() {
        Path folder = settings.state();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartFailure(
                    new Problem(
                            "--state " + folder,
                            e.getClass().getSimpleName() + " " + e.getMessage(),
                            "a folder that can be written",
                            "name another, or correct its owner"),
                    e);
        }
        return switch (AdminToken.of(folder, new SecureRandom())) {
            case Parsed.Ok<AdminToken>(var token) -> token;
            case Parsed.Refused<AdminToken>(var problems) ->
                    throw new StartFailure(problems.getFirst());
        };
    }

    private ChangePath changePath(XdsServer xds, Governance governance) {
        EventStore store = store();
        ExecutorService writer =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name("writer").factory());
        keep(() -> stop(writer));
        started.push(() -> writer.execute(store::close));
        return ChangePath.open(store, governance, xds.publisher(), xds::fleet, writer);
    }

    private EventStore store() {
        return settings.database().isPresent()
                ? PostgresEventStore.open(settings.database().get())
                : SqliteEventStore.open(settings.state().resolve(LOG_FILE), settings.history());
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("clockwork").daemon().factory());
        keep(timer::shutdownNow);
        return timer;
    }

    private int listenForNodes(XdsServer xds) {
        var builder =
                NettyServerBuilder.forAddress(
                                settings.xds(),
                                Credentials.of(settings.xdsTls(), ClientAuth.REQUIRE))
                        .maxInboundMessageSize(LARGEST_MESSAGE)
                        .permitKeepAliveWithoutCalls(true)
                        .permitKeepAliveTime(5, TimeUnit.SECONDS)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS);
        xds.services().forEach(builder::addService);
        Server server = bound("--xds-listen", settings.xds(), () -> builder.build().start());
        keep(() -> {
            server.shutdownNow();
            server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        });
        return server.getPort();
    }

    private AdminServer admin(
            ChangePath path,
            LedgerStates nodeStates,
            RampRunner ramps,
            MigrationRunner migrations,
            Access access) {
        var random = new SecureRandom();
        return keep(
                bound(
                        "--listen",
                        settings.admin(),
                        () ->
                                AdminServer.start(
                                        settings.admin(),
                                        Credentials.of(settings.adminTls(), ClientAuth.OPTIONAL),
                                        new AdminServer.Parts(
                                                path::submit,
                                                path.feed(),
                                                path,
                                                nodeStates,
                                                ramps::verdict,
                                                migrations::blockers,
                                                access,
                                                clock,
                                                random::nextLong))));
    }

    private int web(
            InetSocketAddress address,
            ChangePath path,
            EvidenceTotals evidence,
            LedgerStates nodeStates,
            RampRunner ramps) {
        WebServer web =
                keep(
                        bound(
                                "--web-listen",
                                address,
                                () ->
                                        WebServer.start(
                                                address,
                                                new WebServer.Parts(
                                                        path.feed(),
                                                        evidence,
                                                        nodeStates,
                                                        ramps::verdict,
                                                        clock))));
        return web.port();
    }

    /** Opens a listener. */
    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T bound(String option, InetSocketAddress address, Opening<T> opening) {
        try {
            return opening.open();
        } catch (IOException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new StartFailure(
                    new Problem(
                            option + " " + address(address, address.getPort()),
                            String.valueOf(reason.getMessage()),
                            "an address of this machine that is free",
                            "stop what listens there, or give " + option + " another port"),
                    e);
        }
    }

    /** Does something again and again; a failure of one time does not end it. */
    private static void repeat(ScheduledExecutorService timer, Runnable task) {
        var unused =
                timer.scheduleWithFixedDelay(
                        () -> {
                            try {
                                task.run();
                            } catch (RuntimeException e) {
                                LOG.error("the clockwork stumbled", e);
                            }
                        },
                        TICK_MILLIS,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private static void stop(ExecutorService writer) throws InterruptedException {
        writer.shutdown();
        if (!writer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the log was still being written after {} s", STOP_SECONDS);
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        started.push(part);
        return part;
    }

    private static String address(InetSocketAddress address, int port) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
