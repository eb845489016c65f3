package dev.sluice.control.boot;

import dev.sluice.control.admin.AdminServer;
import dev.sluice.control.admin.access.Access;
import dev.sluice.control.admin.access.Replicas;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.notify.Notifier;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.store.PostgresEventStore;
import dev.sluice.control.web.StatusPage;
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
        OpenLog log = keep(OpenLog.open(settings));
        Clockwork clockwork = keep(new Clockwork());
        var nodes = new NodeNews(xds, ledger, clockwork.timer());
        Optional<Replication> replication = replication(log, nodes, xds.publisher());
        leading = replication.map(Replication::leading).orElse(leading);
        leads = () -> replication.map(Replication::leads).orElse(true);
        ChangePath path =
                ChangePath.open(
                        log.store(),
                        log.start(),
                        access.governance(),
                        replication.map(Replication::publisher).orElse(xds.publisher()),
                        xds::fleet,
                        log.writer());
        feed = path.feed();
        log.follow(path.feed(), leads);
        roll.open(path::submit, path::inForce, leads);
        Driving driving =
                keep(
                        new Driving(
                                path,
                                xds::fleet,
                                evidence,
                                settings.inquiry(),
                                log.reading(),
                                new BackupFolder(settings, this::advertised),
                                clock));
        var nodeStates =
                new LedgerStates(
                        ledger,
                        path.feed()::latest,
                        (node, gate) -> xds.hasAccepted(node, gate.presentEntry().seq()),
                        clockwork.timer());
        Replicas replicas = replication.map(Replication::replicas).orElse(Replicas.NONE);
        Notifying notifying = keep(new Notifying(settings.outward(), path, log.reading(), clock));
        Notifier notifier = notifying.notifier();
        Checkpointing checkpoints =
                keep(new Checkpointing(settings, path.feed(), log::isDamaged, clock));
        AdminServer admin = admin(path, log, nodeStates, driving, access, replicas, notifier);
        adminPort = admin.port();
        var page =
                new StatusPage(
                        new StatusPage.Parts(
                                path.feed()::latest,
                                log::isDamaged,
                                () -> Replication.standing(replication, ledger.served()),
                                evidence,
                                nodeStates,
                                driving.ramps()::verdict,
                                driving.ramps()::waitsFor,
                                driving.migrations()::blockers,
                                clock),
                        () -> replication.flatMap(Replication::leadersStatus));
        replication.ifPresent(it -> it.begin(path, page::own, roll::restart));
        xdsPort = listenForNodes(xds);
        webPort =
                settings.web()
                        .map(address ->
                                web(address, path, page, driving, notifier, checkpoints, admin));
        replication.ifPresent(it -> clockwork.repeat(it::tick));
        clockwork.repeat(() -> {
            boolean leader = leads.getAsBoolean();
            driving.tick(leader);
            if (leader) {
                roll.tick(path.feed().latest(), ledger, evidence);
            }
            notifying.tick(leader);
            checkpoints.tick(leader);
            path.retryKills();
        });
    }

    /** Only a log in a database is shared. */
    private Optional<Replication> replication(OpenLog log, NodeNews nodes, Publisher published) {
        return log.store() instanceof PostgresEventStore shared
                ? Optional.of(
                        keep(
                                new Replication(
                                        shared,
                                        nodes,
                                        published,
                                        this::advertised,
                                        address -> Credentials.dial(address, settings),
                                        clock,
                                        log.writer())))
                : Optional.empty();
    }

    private String advertised() {
        return settings.shared()
                .flatMap(SharedStore::advertised)
                .orElse(Listening.address(settings.admin(), adminPort));
    }

    /** One line for people and scripts: that it serves, and where. */
    String readyLine() {
        return ReadyLine.of(settings, adminPort, xdsPort, webPort);
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
            OpenLog log,
            LedgerStates nodeStates,
            Driving driving,
            Access access,
            Replicas replicas,
            Notifier notifier) {
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
                                                log.reading(),
                                                nodeStates,
                                                driving.migrations()::fleet,
                                                driving.ramps()::verdict,
                                                driving.ramps()::waitsFor,
                                                driving.migrations()::blockers,
                                                access,
                                                clock,
                                                random::nextLong,
                                                replicas,
                                                notifier,
                                                driving.metrics()::refusal,
                                                driving.operations(),
                                                driving.selfChecks()::of,
                                                driving.recorder()::record))));
    }

    private int web(
            InetSocketAddress address,
            ChangePath path,
            StatusPage page,
            Driving driving,
            Notifier notifier,
            Checkpointing checkpoints,
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
                                                        page,
                                                        driving.selfChecks()::all,
                                                        notifier::states,
                                                        checkpoints::states,
                                                        clock,
                                                        admin.http()))));
        return web.port();
    }

    private <T extends AutoCloseable> T keep(T part) {
        started.push(part);
        return part;
    }
}
