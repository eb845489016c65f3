package dev.sluice.control.admin;

import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.EventServiceGrpc.EventServiceBlockingStub;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GateSetServiceGrpc;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceBlockingStub;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.NodeServiceGrpc.NodeServiceBlockingStub;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.RouteServiceGrpc.RouteServiceBlockingStub;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.ServiceServiceGrpc.ServiceServiceBlockingStub;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.admin.v1.VersionServiceGrpc.VersionServiceBlockingStub;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.admin.access.Access;
import dev.sluice.control.admin.access.AdminToken;
import dev.sluice.control.admin.access.Replicas;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.admin.http.HttpApi;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.User;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.notify.Couriers;
import dev.sluice.control.notify.Notifier;
import dev.sluice.control.orchestrate.LegacyRecorder;
import dev.sluice.control.orchestrate.MigrationRunner;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.orchestrate.OperationRunner;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.ReadLog;
import dev.sluice.control.query.Prometheus;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The admin API over a real change path and log, on a port of its own. Thread-safe. */
public final class AdminPlane implements AutoCloseable {
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private final ExecutorService reader = Executors.newSingleThreadExecutor();
    private final ReadLog events;
    private final ChangePath path;
    private final MigrationRunner migrations;
    private final OperationRunner operations;
    private final ScheduledFuture<?> ticking;
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor();
    private final AdminServer server;
    private final ManagedChannel connection;
    private final String token;
    final Reports reports = new Reports();
    private final Couriers couriers =
            new Couriers(
                    Origins.parse("--allow", List.of("http://127.0.0.1:9", "smtp://localhost"))
                            .orThrow(),
                    Secrets.NONE,
                    Trust.ofSystem(),
                    "urn:sluice:test",
                    InstantSource.system());

    private final Prometheus metrics =
            new Prometheus(
                    Origins.parse("--allow", List.of("http://127.0.0.1:9")).orThrow(),
                    Secrets.NONE,
                    Trust.ofSystem());

    /** What sidecars counted. */
    public final EvidenceTotals evidence = new EvidenceTotals();

    /** What nodes have told, for those who ask who calls. */
    volatile FleetReport fleet = FleetReport.SILENT;

    public AdminPlane(Path folder) throws IOException {
        this(folder, List.of());
    }

    /**
     * @param users each with its own name as its token
     */
    public AdminPlane(Path folder, List<User> users) throws IOException {
        Access access =
                Access.of(
                        AdminToken.of(folder, new SecureRandom()).orThrow(),
                        new UsersFile.Contents(
                                users.stream()
                                        .map(user ->
                                                new UsersFile.Entry(
                                                        user,
                                                        new UsersFile.Proof.Token(
                                                                Digest.of(user.name()))))
                                        .toList(),
                                List.of()),
                        InstantSource.system());
        token = Files.readString(folder.resolve(AdminToken.FILE)).strip();
        var store = SqliteEventStore.open(folder.resolve("log.db"), History.CONTINUED);
        events = new ReadLog(store.reader(), reader);
        path =
                ChangePath.open(
                        store,
                        access.governance(),
                        new Publisher() {
                            @Override
                            public void publish(Catalog catalog) {}

                            @Override
                            public void publishKill(Catalog catalog, Set<GateName> gates) {}
                        },
                        () -> FleetReport.SILENT,
                        writer);
        migrations = new MigrationRunner(path, () -> FleetReport.SILENT, InstantSource.system());
        operations =
                new OperationRunner(
                        path,
                        events,
                        name -> new OperationOutcome.BackedUp(name.id(), "here", 1, Digest.ZERO, 1),
                        ForkJoinPool.commonPool(),
                        InstantSource.system());
        ticking = clockwork.scheduleWithFixedDelay(operations::tick, 20, 20, TimeUnit.MILLISECONDS);
        server =
                AdminServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        InsecureServerCredentials.create(),
                        new AdminServer.Parts(
                                path::submit,
                                path.feed(),
                                events,
                                reports,
                                () -> fleet,
                                _ -> Optional.empty(),
                                _ -> Optional.empty(),
                                migrations::blockers,
                                access,
                                InstantSource.system(),
                                () -> 4,
                                Replicas.NONE,
                                new Notifier(
                                        path.feed(),
                                        events,
                                        (command, context) -> {
                                            var unused = path.submit(command, context);
                                        },
                                        couriers,
                                        InstantSource.system(),
                                        ForkJoinPool.commonPool(),
                                        () -> 0),
                                metrics::refusal,
                                operations,
                                _ -> Optional.empty(),
                                new LegacyRecorder(evidence, InstantSource.system())::record));
        connection =
                Grpc.newChannelBuilder(
                                "127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
                        .build();
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** The same over HTTP. */
    HttpApi http() {
        return server.http();
    }

    public String token() {
        return token;
    }

    /** Calls without any token. */
    Channel anonymous() {
        return connection;
    }

    public Channel withToken(String stated) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + stated);
        return ClientInterceptors.intercept(
                connection, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    public Channel admin() {
        return withToken(token);
    }

    public ServiceServiceBlockingStub services() {
        return ServiceServiceGrpc.newBlockingStub(admin());
    }

    VersionServiceBlockingStub versions() {
        return VersionServiceGrpc.newBlockingStub(admin());
    }

    RouteServiceBlockingStub routes() {
        return RouteServiceGrpc.newBlockingStub(admin());
    }

    public GateServiceBlockingStub gates() {
        return GateServiceGrpc.newBlockingStub(admin());
    }

    GateSetServiceBlockingStub gateSets() {
        return GateSetServiceGrpc.newBlockingStub(admin());
    }

    RampServiceBlockingStub ramps() {
        return RampServiceGrpc.newBlockingStub(admin());
    }

    public EventServiceBlockingStub events() {
        return EventServiceGrpc.newBlockingStub(admin());
    }

    NodeServiceBlockingStub nodes() {
        return NodeServiceGrpc.newBlockingStub(admin());
    }

    public MigrationServiceBlockingStub migrations() {
        return MigrationServiceGrpc.newBlockingStub(admin());
    }

    public List<String> methods() {
        return server.methods();
    }

    public MigrationRunner migrationRunner() {
        return migrations;
    }

    public ChangePath path() {
        return path;
    }

    @Override
    public void close() {
        connection.shutdownNow();
        ticking.cancel(/* mayInterruptIfRunning= */ false);
        clockwork.close();
        server.close();
        path.close();
        writer.close();
        events.close();
        reader.close();
    }

    /** What nodes report, as a test says it. Thread-safe. */
    static final class Reports implements NodeStates {
        private final Map<NodeName, NodeState> states = new ConcurrentHashMap<>();
        private final Map<NodeName, Long> versions = new ConcurrentHashMap<>();
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        void put(NodeState state) {
            states.put(state.name(), state);
            versions.merge(state.name(), 1L, Long::sum);
            listeners.forEach(Runnable::run);
        }

        @Override
        public Optional<NodeState> node(NodeName name) {
            return Optional.ofNullable(states.get(name));
        }

        @Override
        public long version(NodeName name) {
            return versions.getOrDefault(name, 0L);
        }

        @Override
        public Collection<NodeState> nodes() {
            return states.values();
        }

        @Override
        public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
            Map<GateName, Map<NodeName, NodeState.GateReport>> reports = new HashMap<>();
            states.forEach((name, state) ->
                    state.gates().stream()
                            .filter(report -> gates.contains(report.gate()))
                            .forEach(report ->
                                    reports.computeIfAbsent(report.gate(), _ -> new HashMap<>())
                                            .put(name, report)));
            return reports;
        }

        @Override
        public long version(GateName gate) {
            return versions.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public Watch watch(Runnable listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }
}
