package dev.sluice.e2e;

import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateCaller;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.Inbound;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Protocol;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.UpdateVersionRequest;
import dev.sluice.admin.v1.Version;
import dev.sluice.admin.v1.VersionServiceGrpc;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.gate.v1.OperationClass;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One service with two versions behind one gate, told to a control plane. Immutable. */
record Shop(AdminApi api) implements AutoCloseable {
    static final String GATE = "gates/shop";

    /** By the token of a control plane's state folder. */
    static Shop at(int adminPort, Path state) throws IOException {
        return new Shop(AdminApi.at(adminPort, state));
    }

    /**
     * @param listen where sidecars of the service {@code edge} listen for calls to the shop
     */
    void create(int listen, Arms arms) {
        api.createService(
                "shop",
                Service.newBuilder()
                        .setOutbound(ListenAddress.newBuilder().setPort(listen))
                        .build());
        api.createService("edge", Service.newBuilder().addCalls("services/shop").build());
        api.createVersion("shop", "legacy", at(arms.legacyPort(), arms.protocol()));
        api.createVersion("shop", "new", at(arms.newPort(), arms.protocol()));
        api.createGate("shop", "e2e");
        api.createRoute(
                "shop",
                "all",
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setGate(GATE)
                        .setOperationClass(OperationClass.READ)
                        .build());
    }

    private static Version at(int port, Protocol protocol) {
        Endpoint endpoint = Endpoint.newBuilder().setAddress("127.0.0.1").setPort(port).build();
        return Version.newBuilder()
                .setStatic(StaticEndpoints.newBuilder().addEndpoints(endpoint))
                .setProtocol(protocol)
                .build();
    }

    /** From now on the calls of LEGACY go through a sidecar of its own. */
    void putSidecarBesideLegacy(String address, int port, int applicationPort) {
        Version version =
                Version.newBuilder()
                        .setName("services/shop/versions/legacy")
                        .setStatic(
                                StaticEndpoints.newBuilder()
                                        .addEndpoints(
                                                Endpoint.newBuilder()
                                                        .setAddress(address)
                                                        .setPort(port)))
                        .setInbound(
                                Inbound.newBuilder()
                                        .setListen(
                                                ListenAddress.newBuilder()
                                                        .setAddress(address)
                                                        .setPort(port))
                                        .setApplication(
                                                Endpoint.newBuilder()
                                                        .setAddress("127.0.0.1")
                                                        .setPort(applicationPort)))
                        .build();
        var unused =
                VersionServiceGrpc.newBlockingStub(api.channel())
                        .updateVersion(
                                UpdateVersionRequest.newBuilder().setVersion(version).build());
    }

    List<GateCaller> callers() {
        return GateServiceGrpc.newBlockingStub(api.channel())
                .listGateCallers(ListGateCallersRequest.newBuilder().setName(GATE).build())
                .getCallersList();
    }

    Gate gate() {
        return GateServiceGrpc.newBlockingStub(api.channel())
                .getGate(GetGateRequest.newBuilder().setName(GATE).build());
    }

    void setShare(int percent) {
        GateServiceGrpc.newBlockingStub(api.channel())
                .setShare(
                        SetShareRequest.newBuilder()
                                .setName(GATE)
                                .setSharePpm(percent * 10_000)
                                .setEtag(gate().getEtag())
                                .build());
    }

    void kill() {
        GateServiceGrpc.newBlockingStub(api.channel())
                .killGate(KillGateRequest.newBuilder().setName(GATE).setReason("e2e").build());
    }

    /** Acknowledges trips and kills of sidecars, by their ids. */
    void resume(List<String> ids) {
        GateServiceGrpc.newBlockingStub(api.channel())
                .resumeGate(
                        ResumeGateRequest.newBuilder()
                                .setName(GATE)
                                .addAllAcknowledgedTrips(ids)
                                .setReason("e2e")
                                .build());
    }

    @Override
    public void close() {
        api.close();
    }
}
