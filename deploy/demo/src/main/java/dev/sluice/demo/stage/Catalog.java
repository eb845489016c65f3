package dev.sluice.demo.stage;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.CreateRouteRequest;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateVersionRequest;
import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc;
import dev.sluice.admin.v1.Inbound;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.RouteServiceGrpc;
import dev.sluice.admin.v1.SchemaRange;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
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
import java.util.List;

/** What the control plane is told of the shop: services, versions, gates, routes. Immutable. */
record Catalog(Channel control, Ports ports, String salt) {
    static final String SET = "gateSets/customer-names";

    /** Creates everything, gates at share 0. */
    void create() {
        createService("customers", List.of(), ports.customers());
        createService("orders", List.of("services/customers"), ports.orders());
        createService("edge", List.of("services/customers", "services/orders"), 0);
        Place.ALL.forEach(this::createVersion);
        createGate("customers");
        createGate("orders");
        GateSetServiceGrpc.newBlockingStub(control)
                .createGateSet(
                        CreateGateSetRequest.newBuilder()
                                .setGateSetId("customer-names")
                                .setGateSet(
                                        GateSet.newBuilder()
                                                .setDisplayName(
                                                        "Customers get first and last names")
                                                .setOwner("team-shop")
                                                .addGates("gates/customers")
                                                .addGates("gates/orders"))
                                .build());
        for (String service : List.of("customers", "orders")) {
            createRoute(service, "reads", "GET", OperationClass.READ, 0);
            createRoute(service, "writes", "", OperationClass.UNSAFE_WRITE, 10);
        }
    }

    private void createService(String id, List<String> calls, int port) {
        Service.Builder service = Service.newBuilder().setOwner("team-shop").addAllCalls(calls);
        if (port > 0) {
            service.setOutbound(ListenAddress.newBuilder().setAddress("127.0.0.1").setPort(port));
        }
        ServiceServiceGrpc.newBlockingStub(control)
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(id)
                                .setService(service)
                                .build());
    }

    private void createVersion(Place place) {
        VersionServiceGrpc.newBlockingStub(control)
                .createVersion(
                        CreateVersionRequest.newBuilder()
                                .setParent("services/" + place.service())
                                .setVersionId(place.version())
                                .setVersion(
                                        Version.newBuilder()
                                                .setStatic(
                                                        StaticEndpoints.newBuilder()
                                                                .addEndpoints(
                                                                        endpoint(
                                                                                place,
                                                                                ports.inbound())))
                                                .setAcceptedSchema(
                                                        SchemaRange.newBuilder()
                                                                .setStore("shop")
                                                                .setMin(
                                                                        place.version()
                                                                                        .equals(
                                                                                                "legacy")
                                                                                ? "1"
                                                                                : "2")
                                                                .setMax("2"))
                                                .setInbound(
                                                        Inbound.newBuilder()
                                                                .setListen(
                                                                        ListenAddress.newBuilder()
                                                                                .setAddress(
                                                                                        place
                                                                                                .address())
                                                                                .setPort(
                                                                                        ports
                                                                                                .inbound()))
                                                                .setApplication(
                                                                        endpoint(
                                                                                place,
                                                                                ports
                                                                                        .application()))))
                                .build());
    }

    private static Endpoint endpoint(Place place, int port) {
        return Endpoint.newBuilder().setAddress(place.address()).setPort(port).build();
    }

    private void createGate(String service) {
        GateServiceGrpc.newBlockingStub(control)
                .createGate(
                        CreateGateRequest.newBuilder()
                                .setGateId(service)
                                .setGate(
                                        Gate.newBuilder()
                                                .setOwner("team-shop")
                                                .setLegacyVersion(
                                                        "services/" + service + "/versions/legacy")
                                                .setNewVersion(
                                                        "services/" + service + "/versions/new")
                                                .setStoreKind(StoreKind.SHARED)
                                                .setFrom(Mode.OFF)
                                                .setTo(Mode.COMPLETE)
                                                .setBucketing(
                                                        Bucketing.newBuilder()
                                                                .setSalt(salt)
                                                                .setKey(
                                                                        KeySource.newBuilder()
                                                                                .setHeader(
                                                                                        "x-user"))
                                                                .setLegacy(
                                                                        Empty
                                                                                .getDefaultInstance())))
                                .build());
    }

    private void createRoute(
            String service, String id, String method, OperationClass operation, int priority) {
        Route.Builder route =
                Route.newBuilder()
                        .setPriority(priority)
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setGate("gates/" + service)
                        .setOperationClass(operation);
        if (!method.isEmpty()) {
            route.addMethods(method);
        }
        RouteServiceGrpc.newBlockingStub(control)
                .createRoute(
                        CreateRouteRequest.newBuilder()
                                .setParent("services/" + service)
                                .setRouteId(id)
                                .setRoute(route)
                                .build());
    }
}
