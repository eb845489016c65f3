package dev.sluice.control.admin;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.Version;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.StoreKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The service {@code orders} of a plane: two versions behind a gate, and a sidecar that reports.
 */
final class Orders {
    private final AdminPlane plane;

    Orders(AdminPlane plane) {
        this.plane = plane;
    }

    /** Creates the service, both versions and the gate, at share 0. */
    Gate create() {
        createService("orders");
        for (String id : List.of("legacy", "new")) {
            plane.versions()
                    .createVersion(
                            CreateVersionRequest.newBuilder()
                                    .setParent("services/orders")
                                    .setVersionId(id)
                                    .setVersion(version())
                                    .build());
        }
        return createGate("orders", said());
    }

    private static Version version() {
        Endpoint endpoint = Endpoint.newBuilder().setAddress("127.0.0.1").setPort(8_080).build();
        return Version.newBuilder()
                .setStatic(StaticEndpoints.newBuilder().addEndpoints(endpoint))
                .build();
    }

    /** Creates a service that is called at a port of its own. */
    void createService(String id) {
        int port = 10_000 + Math.floorMod(id.hashCode(), 9_999);
        plane.services()
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(id)
                                .setService(
                                        Service.newBuilder()
                                                .setOutbound(
                                                        ListenAddress.newBuilder().setPort(port)))
                                .build());
    }

    Gate createGate(String id, Gate gate) {
        return plane.gates()
                .createGate(CreateGateRequest.newBuilder().setGateId(id).setGate(gate).build());
    }

    /** What is said of the gate when it is created. */
    static Gate said() {
        return Gate.newBuilder()
                .setLegacyVersion("services/orders/versions/legacy")
                .setNewVersion("services/orders/versions/new")
                .setStoreKind(StoreKind.SHARED)
                .setFrom(Mode.OFF)
                .setTo(Mode.COMPLETE)
                .setBucketing(
                        Bucketing.newBuilder()
                                .setSalt("salt-1")
                                .setKey(KeySource.newBuilder().setHeader("x-user"))
                                .setLegacy(Empty.getDefaultInstance()))
                .build();
    }

    /** The gate as it is now. */
    Gate gate() {
        return plane.gates().getGate(GetGateRequest.newBuilder().setName("gates/orders").build());
    }

    static SetShareRequest share(Gate gate, int ppm) {
        return SetShareRequest.newBuilder()
                .setName(gate.getName())
                .setEtag(gate.getEtag())
                .setSharePpm(ppm)
                .build();
    }

    /** Lets {@code sidecar-1} say now that it decides by a revision of the gate. */
    void report(long revision) {
        Instant now = Instant.now();
        report("sidecar-1", now, now, revision);
    }

    /** The same of any sidecar, with its times. */
    void report(String id, Instant heard, Instant applied, long revision) {
        NodeName name = new NodeName(id);
        var unused =
                plane.path()
                        .submit(
                                new Command.RegisterNode(
                                        new NodeSpec(
                                                name,
                                                "",
                                                Optional.empty(),
                                                Optional.empty(),
                                                NodeSpec.Kind.SLUICE,
                                                "sluice 0.1",
                                                1,
                                                "")),
                                CommandContext.of(Principal.NODES, Instant.now()))
                        .join();
        plane.reports.put(
                new NodeState(
                        name,
                        heard,
                        List.of(),
                        List.of(),
                        List.of(
                                new NodeState.GateReport(
                                        new GateName("orders"),
                                        Optional.of(new GateRevision(1, revision)),
                                        Optional.of(applied),
                                        0,
                                        Optional.empty()))));
    }
}
