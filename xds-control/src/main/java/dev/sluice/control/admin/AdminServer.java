package dev.sluice.control.admin;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.RampName;
import dev.sluice.control.admin.access.Access;
import dev.sluice.control.admin.access.LeaderForward;
import dev.sluice.control.admin.access.Replicas;
import dev.sluice.control.admin.access.TokenCheck;
import dev.sluice.control.admin.desk.Changes;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.RefusalTransport;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.admin.event.EventApi;
import dev.sluice.control.admin.event.EventStreams;
import dev.sluice.control.admin.event.PastStates;
import dev.sluice.control.admin.gate.CohortApi;
import dev.sluice.control.admin.gate.GateApi;
import dev.sluice.control.admin.gate.GateCallers;
import dev.sluice.control.admin.gate.GateQuestions;
import dev.sluice.control.admin.gate.GateSelfChecks;
import dev.sluice.control.admin.gate.GateSetApi;
import dev.sluice.control.admin.http.HttpApi;
import dev.sluice.control.admin.migration.ApprovalApi;
import dev.sluice.control.admin.migration.BaselineApi;
import dev.sluice.control.admin.migration.BaselineForm;
import dev.sluice.control.admin.migration.DatabaseApi;
import dev.sluice.control.admin.migration.MigrationApi;
import dev.sluice.control.admin.migration.RampApi;
import dev.sluice.control.admin.migration.RampForm;
import dev.sluice.control.admin.migration.WindowApi;
import dev.sluice.control.admin.notify.SinkApi;
import dev.sluice.control.admin.operation.OperationApi;
import dev.sluice.control.admin.search.SearchApi;
import dev.sluice.control.admin.structure.ClientStatusApi;
import dev.sluice.control.admin.structure.NodeApi;
import dev.sluice.control.admin.structure.RingPlanApi;
import dev.sluice.control.admin.structure.RouteApi;
import dev.sluice.control.admin.structure.ServiceApi;
import dev.sluice.control.admin.structure.VersionApi;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.notify.Notifier;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.orchestrate.OperationRunner;
import dev.sluice.control.orchestrate.SelfChecks;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.EventLog;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The admin API on one address, with health and reflection, and over HTTP for a web server.
 * Thread-safe.
 *
 * <p>Methods run on gRPC's threads and never wait; watches compare states on one thread of this
 * server's own.
 */
public final class AdminServer implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    /** How often a replica may ask whether this one is there. */
    private static final long KEEP_ALIVE_SECONDS = 2;

    private final Server server;

    /** Where calls over HTTP go on. */
    private final Server inside;

    private final ManagedChannel channel;
    private final HttpApi http;
    private final HealthStatusManager health;
    private final ExecutorService watching;

    private AdminServer(
            Server server,
            Server inside,
            ManagedChannel channel,
            HttpApi http,
            HealthStatusManager health,
            ExecutorService watching) {
        this.server = server;
        this.inside = inside;
        this.channel = channel;
        this.http = http;
        this.health = health;
        this.watching = watching;
    }

    /**
     * What the server needs of the control plane. Immutable.
     *
     * @param changes where commands go
     * @param feed committed states
     * @param events what was committed
     * @param nodeStates what nodes report
     * @param fleet what nodes have told by now
     * @param verdicts the newest verdict of a ramp at work
     * @param waits why a ramp does not go on by now
     * @param blockers what stands against the next phase of a migration
     * @param access who may call, and which methods
     * @param clock times of commands
     * @param randomBits for decisions about requests without a key; thread-safe
     * @param replicas others on the same log
     * @param notifier tells sinks
     * @param queryRefusals why a metrics server is not asked
     * @param operations does what takes long
     * @param selfChecks how trials of the judge stand
     * @param recorder what legacy has done by now
     */
    public record Parts(
            Changes changes,
            CatalogFeed feed,
            EventLog events,
            NodeStates nodeStates,
            Supplier<FleetReport> fleet,
            Function<RampName, Optional<Verdict>> verdicts,
            Function<Ramp, Optional<String>> waits,
            Function<Migration, List<Refusal>> blockers,
            Access access,
            InstantSource clock,
            LongSupplier randomBits,
            Replicas replicas,
            Notifier notifier,
            Function<QueryCriterion, Optional<Problem>> queryRefusals,
            OperationRunner operations,
            Function<GateName, Optional<SelfChecks.State>> selfChecks,
            BiFunction<Catalog, ShareTarget, Recording> recorder) {}

    /**
     * Starts serving.
     *
     * @param address where; port 0 takes a free one
     * @param credentials TLS, or plain text for a loopback address
     * @throws IOException when the address cannot be bound
     */
    public static AdminServer start(
            InetSocketAddress address, ServerCredentials credentials, Parts parts)
            throws IOException {
        var desk = new Desk(parts.changes(), parts.feed(), parts.clock());
        ScheduledExecutorService watching =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("admin-watch").daemon().factory());
        var streams =
                new StateStreams(parts.feed(), parts.nodeStates()::watch, watching, parts.clock());
        var works =
                new StateStreams(parts.feed(), parts.operations()::watch, watching, parts.clock());
        var questions = new GateQuestions(parts.randomBits());
        var callers = new GateCallers(parts.fleet(), parts.clock());
        var selfChecks = new GateSelfChecks(parts.selfChecks());
        var baselines = new BaselineForm(parts.clock());
        var ramps =
                new RampForm(
                        parts.verdicts(), parts.waits(), parts.queryRefusals(), parts.selfChecks());
        var health = new HealthStatusManager();
        List<ServerServiceDefinition> services =
                Stream.<BindableService>of(
                                new ServiceApi(desk),
                                new VersionApi(desk, parts.clock()),
                                new RouteApi(desk),
                                new GateApi(
                                        desk,
                                        parts.nodeStates(),
                                        streams,
                                        questions,
                                        callers,
                                        selfChecks),
                                new GateSetApi(desk),
                                new CohortApi(desk),
                                new RampApi(desk, ramps, baselines, streams),
                                new BaselineApi(desk, baselines, parts.recorder()),
                                new MigrationApi(
                                        desk,
                                        streams,
                                        parts.blockers(),
                                        parts.queryRefusals(),
                                        parts.clock()),
                                new WindowApi(desk, parts.clock()),
                                new DatabaseApi(desk),
                                new RingPlanApi(desk, parts.fleet(), streams),
                                new SinkApi(desk, parts.notifier()),
                                new ApprovalApi(
                                        desk,
                                        parts.access().governance(),
                                        streams,
                                        parts.blockers()),
                                new SearchApi(
                                        desk,
                                        Searched.kinds(
                                                ramps,
                                                baselines,
                                                parts.nodeStates(),
                                                parts.fleet())),
                                new NodeApi(desk, parts.nodeStates(), streams),
                                new OperationApi(desk, works, parts.operations()),
                                new EventApi(
                                        desk,
                                        parts.events(),
                                        new EventStreams(parts.feed(), parts.events(), watching),
                                        new PastStates(
                                                parts.events(), parts.feed().latest(), watching),
                                        watching))
                        .map(BindableService::bindService)
                        .toList();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address, credentials);
        parts.replicas().services().forEach(builder::addService);
        builder.addService(new ClientStatusApi(desk, parts.nodeStates()));
        builder.permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        Server server =
                guarded(builder, services, parts)
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build()
                        .start();
        String name = InProcessServerBuilder.generateName();
        Server inside =
                guarded(InProcessServerBuilder.forName(name), services, parts).build().start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        return new AdminServer(
                server, inside, channel, new HttpApi(services, channel), health, watching);
    }

    /** The services behind who may call them, the same for every way in. */
    private static ServerBuilder<?> guarded(
            ServerBuilder<?> server, List<ServerServiceDefinition> services, Parts parts) {
        return server.addServices(services)
                .intercept(new RefusalTransport())
                .intercept(new LeaderForward(parts.replicas()))
                .intercept(new TokenCheck(parts.access(), parts.replicas()));
    }

    /** The same methods over HTTP, for a web server to put at {@code /v1/}. */
    public HttpApi http() {
        return http;
    }

    /** Port that it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Full names of all that it serves. */
    List<String> methods() {
        return server.getServices().stream()
                .flatMap(service -> service.getMethods().stream())
                .map(method -> method.getMethodDescriptor().getFullMethodName())
                .toList();
    }

    /** Says NOT_SERVING, lets calls end for a moment, then ends them. */
    @Override
    public void close() {
        health.enterTerminalState();
        channel.shutdownNow();
        inside.shutdownNow();
        server.shutdown();
        try {
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        watching.shutdownNow();
    }
}
