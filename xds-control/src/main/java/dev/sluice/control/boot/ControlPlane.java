package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.control.admin.AdminServer;
import dev.sluice.control.admin.AdminToken;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.KeyJudge;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.orchestrate.CatalogFleet;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.web.WebServer;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.XdsServer;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One control plane, wired: log, path, nodes, admin API, status page, ramps. Any number may live in one process. */
public final class ControlPlane implements AutoCloseable {
    /** Name of the event log in the state folder. */
    static final String LOG_FILE = "events.db";

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final long TICK_MILLIS = 250;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Addresses addresses;

    private ControlPlane(Settings settings, Clock clock) throws IOException {
        try {
            this.addresses = start(settings, clock);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Where it listens.
     *
     * @param admin gRPC admin API
     * @param xds where nodes connect
     * @param web status page
     */
    public record Addresses(int admin, int xds, int web) {}

    /**
     * Starts one; it serves when this returns.
     *
     * @throws IOException when an address cannot be bound or the state folder not be used
     * @throws dev.sluice.control.change.StoreException when the log belongs to another process or is damaged
     */
    public static ControlPlane start(Settings settings) throws IOException {
        return new ControlPlane(settings, Clock.systemUTC());
    }

    private Addresses start(Settings settings, Clock clock) throws IOException {
        Files.createDirectories(settings.state());
        EventStore store = keep(
                SqliteEventStore.open(settings.state().resolve(LOG_FILE), history(settings.restored())),
                EventStore::close);
        AdminToken token = AdminToken.of(settings.state(), new SecureRandom()).orThrow();
        CompletableFuture<ChangePath> opened = new CompletableFuture<>();
        EvidenceTotals evidence = new EvidenceTotals();
        NodeLedger ledger = new NodeLedger(clock, new NodeCommands(opened, clock));
        XdsServer xds = keep(new XdsServer(ledger, evidence, clock), XdsServer::close);
        ExecutorService writer = Executors.newSingleThreadExecutor(daemon("writer"));
        running.push(writer::shutdownNow);
        ChangePath path = keep(
                ChangePath.open(store, Governance.embedded(), xds.publisher(), writer), ChangePath::close);
        opened.complete(path);

        CatalogFleet fleet = new CatalogFleet(
                evidence, (node, gate) -> xds.hasAccepted(node, gate.meta().seq()));
        RampRunner ramps = new RampRunner(path, fleet, evidence, new KeyJudge(), clock);
        LedgerStates states = new LedgerStates(ledger, () -> path.feed().latest());
        SecureRandom random = new SecureRandom();
        Server nodes = serveNodes(settings.xds(), xds);
        AdminServer admin = keep(
                AdminServer.start(
                        settings.admin(),
                        InsecureServerCredentials.create(),
                        new AdminServer.Parts(
                                path::submit, path.feed(), states, ramps::verdict, token, clock, random::nextLong)),
                AdminServer::close);
        WebServer web = keep(
                WebServer.start(
                        settings.web(), new WebServer.Parts(path.feed(), evidence, states, ramps::verdict, clock)),
                WebServer::close);
        tick(path, ramps, ledger, evidence);
        return new Addresses(admin.port(), nodes.getPort(), web.port());
    }

    private Server serveNodes(InetSocketAddress address, XdsServer xds) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address, InsecureServerCredentials.create())
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        xds.services().forEach(builder::addService);
        return keep(builder.build().start(), Server::shutdownNow);
    }

    private void tick(ChangePath path, RampRunner ramps, NodeLedger ledger, EvidenceTotals evidence) {
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemon("orchestrator"));
        running.push(ticks::shutdownNow);
        var unused = ticks.scheduleWithFixedDelay(
                () -> {
                    try {
                        ramps.tick();
                        path.retryKills();
                        forgetForgotten(path.feed().latest(), ledger, evidence);
                    } catch (RuntimeException bug) {
                        LOG.error("a tick failed", bug);
                    }
                },
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** A node that the log no longer knows and that has no stream is no longer shown either. */
    private static void forgetForgotten(Catalog catalog, NodeLedger ledger, EvidenceTotals evidence) {
        for (NodeLedger.View view : ledger.views()) {
            if (!view.connected() && catalog.node(view.spec().name()).isEmpty() && ledger.forget(view.spec().name())) {
                evidence.forget(view.spec().name());
            }
        }
    }

    private static SqliteEventStore.History history(Settings.Restored restored) {
        return switch (restored) {
            case NO -> SqliteEventStore.History.CONTINUED;
            case YES -> SqliteEventStore.History.RESTORED;
        };
    }

    private static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().name(name).daemon().factory();
    }

    private <T> T keep(T part, Consumer<T> end) {
        running.push(() -> end.accept(part));
        return part;
    }

    /** Where it listens. */
    public Addresses addresses() {
        return addresses;
    }

    /** Ends everything, last started first. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("ending a part failed: {}", new Problem("close", e.toString(), "an orderly end", "none is needed"));
            }
        }
    }
}
