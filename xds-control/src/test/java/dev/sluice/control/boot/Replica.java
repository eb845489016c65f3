package dev.sluice.control.boot;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.contract.GateName;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.store.PostgresAddress;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.testkit.Patience;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** One of several control planes on a database, and its callers. Owned by one test. */
final class Replica implements AutoCloseable {
    static final GateName ORDERS = new GateName("orders");

    final ControlPlane plane;
    final Relay database;
    private final ManagedChannel admin;
    private final ManagedChannel nodes;
    private final String token;

    private Replica(ControlPlane plane, Relay database, String token) {
        this.plane = plane;
        this.database = database;
        this.token = token;
        this.admin = dial(plane.adminPort());
        this.nodes = dial(plane.xdsPort());
    }

    /**
     * Starts one that reaches the database by a relay of its own.
     *
     * @param port of the database
     */
    static Replica start(Path state, int port) throws IOException {
        return start(state, port, Outward.NOWHERE);
    }

    /** The same, which may tell sinks. */
    static Replica start(Path state, int port, Outward outward) throws IOException {
        var relay = new Relay(port);
        var settings =
                new Settings(
                        loopback(),
                        Optional.empty(),
                        loopback(),
                        Optional.empty(),
                        new NodeProof.Believed(),
                        Optional.of(loopback()),
                        state,
                        Optional.of(
                                new SharedStore(
                                        PostgresAddress.read(
                                                        "jdbc:postgresql://127.0.0.1:"
                                                                + relay.port()
                                                                + "/postgres",
                                                        "postgres",
                                                        Optional.empty())
                                                .orThrow(),
                                        Optional.empty(),
                                        Optional.empty())),
                        UsersFile.Contents.NOBODY,
                        outward,
                        Inquiry.NONE,
                        state.resolve("backups"),
                        Optional.empty(),
                        History.CONTINUED);
        ControlPlane plane = ControlPlane.start(settings, Clock.systemUTC());
        return new Replica(plane, relay, Files.readString(state.resolve("admin.token")).strip());
    }

    /** The admin API, as its admin. */
    Channel admin() {
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        return ClientInterceptors.intercept(
                admin, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** The admin API without a token. */
    Channel anonymous() {
        return admin;
    }

    /** Where nodes connect. */
    Channel nodes() {
        return nodes;
    }

    /** What its status page shows, as JSON. */
    String status() throws IOException, InterruptedException {
        return web("/api/status");
    }

    /** A page of its web listener. */
    String web(String path) throws IOException, InterruptedException {
        URI page = URI.create("http://127.0.0.1:" + plane.webPort().orElseThrow() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(page).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    Catalog catalog() {
        return plane.feed().latest();
    }

    GateState gate() {
        return catalog().gate(ORDERS).orElseThrow();
    }

    /** Waits until its committed state is so. */
    void await(String what, Predicate<Catalog> condition) {
        var holds = new CountDownLatch(1);
        try (var _ =
                plane.feed()
                        .watch(
                                Runnable::run,
                                catalog -> {
                                    if (condition.test(catalog)) {
                                        holds.countDown();
                                    }
                                })) {
            Patience.await(holds, what);
        }
    }

    /** Creates a service with two versions and a gate between them. */
    void createOrders(int share) {
        ServiceServiceGrpc.newBlockingStub(admin())
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId("orders")
                                .setService(Service.newBuilder().setOwner("team-a"))
                                .build());
        for (String id : List.of("legacy", "new")) {
            VersionServiceGrpc.newBlockingStub(admin())
                    .createVersion(
                            CreateVersionRequest.newBuilder()
                                    .setParent("services/orders")
                                    .setVersionId(id)
                                    .setVersion(version())
                                    .build());
        }
        GateServiceGrpc.newBlockingStub(admin())
                .createGate(
                        CreateGateRequest.newBuilder()
                                .setGateId("orders")
                                .setGate(gate(share))
                                .build());
    }

    private static Version version() {
        return Version.newBuilder()
                .setStatic(
                        StaticEndpoints.newBuilder()
                                .addEndpoints(
                                        Endpoint.newBuilder()
                                                .setAddress("127.0.0.1")
                                                .setPort(8_080)))
                .build();
    }

    private static Gate gate(int share) {
        return Gate.newBuilder()
                .setLegacyVersion("services/orders/versions/legacy")
                .setNewVersion("services/orders/versions/new")
                .setStoreKind(StoreKind.SHARED)
                .setFrom(Mode.OFF)
                .setTo(Mode.COMPLETE)
                .setSharePpm(share)
                .setBucketing(
                        Bucketing.newBuilder()
                                .setSalt("salt-1")
                                .setKey(KeySource.newBuilder().setHeader("x-user"))
                                .setLegacy(Empty.getDefaultInstance()))
                .build();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static ManagedChannel dial(int port) {
        return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();
    }

    @Override
    public void close() throws IOException {
        admin.shutdownNow();
        nodes.shutdownNow();
        plane.close();
        database.close();
    }
}
