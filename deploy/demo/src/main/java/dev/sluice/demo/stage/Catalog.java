package dev.sluice.demo.stage;

import dev.sluice.admin.v1.Endpoint;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.Inbound;
import dev.sluice.admin.v1.ListenAddress;
import dev.sluice.admin.v1.Route;
import dev.sluice.admin.v1.SchemaRange;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.StaticEndpoints;
import dev.sluice.admin.v1.Version;
import dev.sluice.gate.v1.OperationClass;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;

/** What the control plane is told of the shop: services, versions, gates, routes. Immutable. */
record Catalog(AdminApi api, Ports ports, String salt) {
    /** Its two gates move the same users. */
    static final String GATE_SET = "customer-names";

    private static final String OWNER = "team-shop";
    private static final int ANY_METHOD_LAST = 10;

    /** Creates everything, gates at share 0. */
    void create() {
        createService("customers", List.of(), ports.customers());
        createService("orders", List.of("services/customers"), ports.orders());
        api.createService(
                "edge",
                Service.newBuilder()
                        .setOwner(OWNER)
                        .addAllCalls(List.of("services/customers", "services/orders"))
                        .build());
        Place.ALL.forEach(this::createVersion);
        api.createGate("customers", salt);
        api.createGate("orders", salt);
        api.createGateSet(
                GATE_SET,
                GateSet.newBuilder()
                        .setDisplayName("Customers get first and last names")
                        .setOwner(OWNER)
                        .addGates("gates/customers")
                        .addGates("gates/orders")
                        .build());
        createRoutes("customers");
        createRoutes("orders");
    }

    private void createService(String id, List<String> calls, int port) {
        api.createService(
                id,
                Service.newBuilder()
                        .setOwner(OWNER)
                        .addAllCalls(calls)
                        .setOutbound(
                                ListenAddress.newBuilder().setAddress("127.0.0.1").setPort(port))
                        .build());
    }

    private void createVersion(Place place) {
        boolean legacy = place.version().equals("legacy");
        Version version =
                Version.newBuilder()
                        .setStatic(
                                StaticEndpoints.newBuilder()
                                        .addEndpoints(endpoint(place, ports.inbound())))
                        .setAcceptedSchema(
                                SchemaRange.newBuilder()
                                        .setStore("shop")
                                        .setMin(legacy ? "1" : "2")
                                        .setMax("2"))
                        .setInbound(
                                Inbound.newBuilder()
                                        .setListen(
                                                ListenAddress.newBuilder()
                                                        .setAddress(place.address())
                                                        .setPort(ports.inbound()))
                                        .setApplication(endpoint(place, ports.application())))
                        .build();
        api.createVersion(place.service(), place.version(), version);
    }

    private static Endpoint endpoint(Place place, int port) {
        return Endpoint.newBuilder().setAddress(place.address()).setPort(port).build();
    }

    /** Reads by their method; every other method may be a write, and is taken for one. */
    private void createRoutes(String service) {
        Route.Builder route =
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setGate("gates/" + service);
        api.createRoute(
                service,
                "reads",
                route.clone().addMethods("GET").setOperationClass(OperationClass.READ).build());
        api.createRoute(
                service,
                "writes",
                route.clone()
                        .setPriority(ANY_METHOD_LAST)
                        .setOperationClass(OperationClass.UNSAFE_WRITE)
                        .build());
    }
}
