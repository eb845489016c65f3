package dev.sluice.e2e;

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
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
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
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One service with two versions behind one gate, told to a control plane. Immutable. */
record Shop(Channel control) {
    static final String GATE = "gates/shop";

    /** An authorised channel to the control plane of a state folder. */
    static Shop at(int adminPort, Path state) throws IOException {
        Metadata token = new Metadata();
        token.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(state.resolve("admin.token")).strip());
        return new Shop(
                ClientInterceptors.intercept(
                        Grpc.newChannelBuilder(
                                        "127.0.0.1:" + adminPort,
                                        InsecureChannelCredentials.create())
                                .build(),
                        MetadataUtils.newAttachHeadersInterceptor(token)));
    }

    /**
     * @param listen where sidecars of the service {@code edge} listen for calls to the shop
     */
    void create(int listen, int legacyPort, int newPort) {
        service(
                "shop",
                Service.newBuilder().setOutbound(ListenAddress.newBuilder().setPort(listen)));
        service("edge", Service.newBuilder().addCalls("services/shop"));
        version("legacy", legacyPort);
        version("new", newPort);
        GateServiceGrpc.newBlockingStub(control)
                .createGate(
                        CreateGateRequest.newBuilder()
                                .setGateId("shop")
                                .setGate(
                                        Gate.newBuilder()
                                                .setLegacyVersion("services/shop/versions/legacy")
                                                .setNewVersion("services/shop/versions/new")
                                                .setStoreKind(StoreKind.SHARED)
                                                .setFrom(Mode.OFF)
                                                .setTo(Mode.COMPLETE)
                                                .setBucketing(
                                                        Bucketing.newBuilder()
                                                                .setSalt("e2e")
                                                                .setKey(
                                                                        KeySource.newBuilder()
                                                                                .setHeader(
                                                                                        "x-user"))
                                                                .setLegacy(
                                                                        Empty
                                                                                .getDefaultInstance())))
                                .build());
        RouteServiceGrpc.newBlockingStub(control)
                .createRoute(
                        CreateRouteRequest.newBuilder()
                                .setParent("services/shop")
                                .setRouteId("all")
                                .setRoute(
                                        Route.newBuilder()
                                                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                                .setGate(GATE)
                                                .setOperationClass(OperationClass.READ))
                                .build());
    }

    private void service(String id, Service.Builder service) {
        ServiceServiceGrpc.newBlockingStub(control)
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(id)
                                .setService(service)
                                .build());
    }

    private void version(String id, int port) {
        VersionServiceGrpc.newBlockingStub(control)
                .createVersion(
                        CreateVersionRequest.newBuilder()
                                .setParent("services/shop")
                                .setVersionId(id)
                                .setVersion(
                                        Version.newBuilder()
                                                .setStatic(
                                                        StaticEndpoints.newBuilder()
                                                                .addEndpoints(
                                                                        Endpoint.newBuilder()
                                                                                .setAddress(
                                                                                        "127.0.0.1")
                                                                                .setPort(port))))
                                .build());
    }

    Gate gate() {
        return GateServiceGrpc.newBlockingStub(control)
                .getGate(GetGateRequest.newBuilder().setName(GATE).build());
    }

    void setShare(int percent) {
        GateServiceGrpc.newBlockingStub(control)
                .setShare(
                        SetShareRequest.newBuilder()
                                .setName(GATE)
                                .setSharePpm(percent * 10_000)
                                .setEtag(gate().getEtag())
                                .build());
    }

    void kill() {
        GateServiceGrpc.newBlockingStub(control)
                .killGate(KillGateRequest.newBuilder().setName(GATE).setReason("e2e").build());
    }
}
