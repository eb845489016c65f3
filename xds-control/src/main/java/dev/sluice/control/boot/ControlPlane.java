package dev.sluice.control.boot;

import dev.sluice.control.admin.AdminServer;
import dev.sluice.control.admin.access.Access;
import dev.sluice.control.admin.access.Replicas;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.orchestrate.MigrationRunner;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.store.PostgresEventStore;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.web.WebServer;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.XdsServer;
import io.grpc.Server;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control plane, wired. Starts from the log outward: store, change path, what nodes talk to,
 * what people talk to, and last the clockwork; stops the other way round. Thread-safe.
 */
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    static final String LOG_FILE = "events.db";
    private static final long STOP_SECONDS = 5;

    /** What to close, the newest first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final Settings settings;
    private final Clock clock;
    private @Nullable CatalogFeed feed;
    private BooleanSupplier leads = () -> false;
    private CompletableFuture<Void> leading = CompletableFuture.completedFuture(null);
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
        Access access = Access.of(StateFolder.token(settings.state()), settings.users(), clock);
        var evidence = new EvidenceTotals();
        var roll = new NodeRoll(clock);
        var ledger = new NodeLedger(clock, roll);
        XdsServer xds = keep(new XdsServer(ledger, evidence, settings.nodeProof(), clock));
        ExecutorService writer = writer();
        EventStore store = keep(store(), writer);
        Clockwork clockwork = keep(new Clockwork());
        var nodes = new NodeNews(xds, ledger, clockwork.timer());
        Optional<Replication> replication = replication(store, nodes, xds.publisher(), writer);
        leading = replication.map(Replication::leading).orElse(leading);
        leads = () -> replication.map(Replication::leads).orElse(true);
        ChangePath path =
                ChangePath.open(
                        store,
                        access.governance(),
                        replication.map(Replication::publisher).orElse(xds.publisher()),
                        xds::fleet,
                        writer);
        feed = path.feed();
        roll.open(path::submit, leads);
        var migrations = new MigrationRunner(path, xds::fleet, clock);
        var ramps = new RampRunner(path, xds::fleet, evidence, new KeyJudge(), clock);
        var nodeStates =
                new LedgerStates(
                        ledger,
                        path.feed()::latest,
                        (node, gate) -> xds.hasAccepted(node, gate.presentEntry().seq()),
                        clockwork.timer());
        Replicas replicas = replication.map(Replication::replicas).orElse(Replicas.NONE);
        AdminServer admin = admin(path, nodeStates, ramps, migrations, access, replicas);
        adminPort = admin.port();
        replication.ifPresent(it -> it.begin(path, roll::restart));
        xdsPort = listenForNodes(xds);
        webPort =
                settings.web()
                        .map(address -> web(address, path, evidence, nodeStates, ramps, admin));
        replication.ifPresent(it -> clockwork.repeat(it::tick));
        clockwork.repeat(() -> {
            if (leads.getAsBoolean()) {
                ramps.tick();
                migrations.tick();
                roll.tick(path.feed().latest(), ledger, evidence);
            }
            path.retryKills();
        });
    }

    /** Only a log in a database is shared. */
    private Optional<Replication> replication(
            EventStore store, NodeNews nodes, Publisher published, ExecutorService writer) {
        return store instanceof PostgresEventStore shared
                ? Optional.of(
                        keep(
                                new Replication(
                                        shared,
                                        nodes,
                                        published,
                                        this::advertised,
                                        address -> Credentials.dial(address, settings),
                                        clock,
                                        writer)))
                : Optional.empty();
    }

    private String advertised() {
        return settings.shared()
                .flatMap(SharedStore::advertised)
                .orElse(Listening.address(settings.admin(), adminPort));
    }

    /** One line for people and scripts: that it serves, and where. */
    String readyLine() {
        return "sluice control ready: admin %s, xds %s, web %s, state %s"
                .formatted(
                        Listening.address(settings.admin(), adminPort),
                        Listening.address(settings.xds(), xdsPort),
                        webPort.map(port ->
                                        "http://"
                                                + Listening.address(
                                                        settings.web().orElseThrow(), port))
                                .orElse("off"),
                        settings.state()
                                + settings.shared()
                                        .map(shared -> ", store " + shared.database())
                                        .orElse(""));
    }

    /** Committed states, as this control plane knows them. */
    CatalogFeed feed() {
        return Objects.requireNonNull(feed, "feed");
    }

    boolean leads() {
        return leads.getAsBoolean();
    }

    /** Completes when it leads for the first time. */
    CompletableFuture<Void> leading() {
        return leading;
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

    private ExecutorService writer() {
        ExecutorService writer =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name("writer").factory());
        keep(() -> stop(writer));
        return writer;
    }

    /** The store is closed on the thread that uses it, after what was given before. */
    private EventStore keep(EventStore store, ExecutorService writer) {
        started.push(() -> writer.execute(store::close));
        return store;
    }

    private EventStore store() {
        return settings.shared().isPresent()
                ? PostgresEventStore.open(settings.shared().get().database())
                : SqliteEventStore.open(settings.state().resolve(LOG_FILE), settings.history());
    }

    private int listenForNodes(XdsServer xds) {
        Server server =
                Listening.bound(
                        "--xds-listen",
                        settings.xds(),
                        () -> Listening.forNodes(settings, xds).start());
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
            Access access,
            Replicas replicas) {
        var random = new SecureRandom();
        return keep(
                Listening.bound(
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
                                                random::nextLong,
                                                replicas))));
    }

    private int web(
            InetSocketAddress address,
            ChangePath path,
            EvidenceTotals evidence,
            LedgerStates nodeStates,
            RampRunner ramps,
            AdminServer admin) {
        WebServer web =
                keep(
                        Listening.bound(
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
                                                        clock,
                                                        admin.http()))));
        return web.port();
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
}
