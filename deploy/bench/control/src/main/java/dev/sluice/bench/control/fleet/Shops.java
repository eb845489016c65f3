package dev.sluice.bench.control.fleet;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.StoreKind;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.stream.IntStream;

/**
 * A catalog of {@value #SERVICES} services with {@value #GATES_EACH} gates each, told by the admin
 * API. Services call one of their kind; twenty others stand for applications with sidecars, and
 * each of these calls the first service, whose gates all sidecars hold, and one more. Thread-safe.
 */
final class Shops implements AutoCloseable {
    static final int SERVICES = 200;
    static final int GATES_EACH = 10;
    static final int APPLICATIONS = 20;

    /** Whose gates all sidecars hold. */
    private static final String COMMON = "shop-0";

    private static final String CHANGING = "services/" + COMMON + "/versions/new";
    private static final int FIRST_PORT = 20_000;

    private final ManagedChannel connection;
    private final Channel channel;

    private Shops(ManagedChannel connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /** By the admin API at {@code host:port}. */
    static Shops at(String address, String token) {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        ManagedChannel connection =
                Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
        return new Shops(
                connection,
                ClientInterceptors.intercept(
                        connection, MetadataUtils.newAttachHeadersInterceptor(metadata)));
    }

    /** The service beside which a sidecar stands. */
    static String application(int sidecar) {
        return "app-" + sidecar % APPLICATIONS;
    }

    /** One of the gates that all sidecars hold. */
    static String gate(int number) {
        return "gates/" + COMMON + "-" + number % GATES_EACH;
    }

    /** Resource whose content {@link #moveEndpoint} changes. */
    static String endpoints() {
        return CHANGING;
    }

    /** Tells the whole catalog. */
    void create() {
        IntStream.range(0, SERVICES).parallel().forEach(this::service);
        IntStream.range(0, APPLICATIONS).parallel().forEach(this::caller);
    }

    private void caller(int number) {
        create(
                application(number),
                Service.newBuilder()
                        .addCalls("services/" + COMMON)
                        .addCalls("services/shop-" + (number + 1))
                        .build());
    }

    private void service(int number) {
        String id = "shop-" + number;
        create(
                id,
                Service.newBuilder()
                        .setOutbound(ListenAddress.newBuilder().setPort(FIRST_PORT + number))
                        .build());
        create(id, "legacy", 1);
        create(id, "new", 2);
        for (int i = 0; i < GATES_EACH; i++) {
            gate(id, i);
        }
    }

    private void create(String id, Service service) {
        var unused =
                ServiceServiceGrpc.newBlockingStub(channel)
                        .createService(
                                CreateServiceRequest.newBuilder()
                                        .setServiceId(id)
                                        .setService(service)
                                        .build());
    }

    private void create(String service, String id, int address) {
        var unused =
                VersionServiceGrpc.newBlockingStub(channel)
                        .createVersion(
                                CreateVersionRequest.newBuilder()
                                        .setParent("services/" + service)
                                        .setVersionId(id)
                                        .setVersion(Version.newBuilder().setEds(endpoints(address)))
                                        .build());
    }

    private static StaticEndpoints endpoints(int address) {
        return StaticEndpoints.newBuilder()
                .addEndpoints(Endpoint.newBuilder().setAddress("10.0.0." + address).setPort(8_080))
                .build();
    }

    private void gate(String service, int number) {
        String id = service + "-" + number;
        Gate gate =
                Gate.newBuilder()
                        .setOwner("team-" + service)
                        .setLegacyVersion("services/" + service + "/versions/legacy")
                        .setNewVersion("services/" + service + "/versions/new")
                        .setStoreKind(StoreKind.SHARED)
                        .setFrom(Mode.OFF)
                        .setTo(Mode.COMPLETE)
                        .setBucketing(
                                Bucketing.newBuilder()
                                        .setSalt(id)
                                        .setKey(KeySource.newBuilder().setHeader("x-user"))
                                        .setLegacy(Empty.getDefaultInstance()))
                        .build();
        var created =
                GateServiceGrpc.newBlockingStub(channel)
                        .createGate(
                                CreateGateRequest.newBuilder().setGateId(id).setGate(gate).build());
        var unused =
                RouteServiceGrpc.newBlockingStub(channel)
                        .createRoute(
                                CreateRouteRequest.newBuilder()
                                        .setParent("services/" + service)
                                        .setRouteId("route-" + number)
                                        .setRoute(
                                                Route.newBuilder()
                                                        .setPriority(number)
                                                        .setMatch(
                                                                RouteMatch.newBuilder()
                                                                        .setPrefix("/" + number))
                                                        .setGate(created.getName())
                                                        .setOperationClass(OperationClass.READ))
                                        .build());
    }

    /** Gives a gate another share. */
    Gate setShare(String gate, int ppm, String etag) {
        return GateServiceGrpc.newBlockingStub(channel)
                .setShare(
                        SetShareRequest.newBuilder()
                                .setName(gate)
                                .setSharePpm(ppm)
                                .setEtag(etag)
                                .build());
    }

    Gate get(String gate) {
        return GateServiceGrpc.newBlockingStub(channel)
                .getGate(GetGateRequest.newBuilder().setName(gate).build());
    }

    Gate kill(String gate) {
        return GateServiceGrpc.newBlockingStub(channel)
                .killGate(KillGateRequest.newBuilder().setName(gate).setReason("bench").build());
    }

    Gate resume(String gate) {
        return GateServiceGrpc.newBlockingStub(channel)
                .resumeGate(
                        ResumeGateRequest.newBuilder().setName(gate).setReason("bench").build());
    }

    /** Moves the new version of the common service to another address, 3..254. */
    void moveEndpoint(int address) {
        var unused =
                VersionServiceGrpc.newBlockingStub(channel)
                        .updateVersion(
                                UpdateVersionRequest.newBuilder()
                                        .setVersion(
                                                Version.newBuilder()
                                                        .setName(CHANGING)
                                                        .setEds(endpoints(address)))
                                        .build());
    }

    @Override
    public void close() {
        var unused = connection.shutdownNow();
    }
}
