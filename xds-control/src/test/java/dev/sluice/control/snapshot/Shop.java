package dev.sluice.control.snapshot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.gate.v1.Gate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A catalog that grows by events: a {@code web} that calls {@code orders}, whose route {@code read}
 * goes to the gate {@code orders}. Owned by one thread.
 */
public final class Shop {
    public static final GateName ORDERS = new GateName("orders");
    public static final String OUTBOUND = "outbound/orders";
    public static final String V1 = "services/orders/versions/v1";
    public static final String V2 = "services/orders/versions/v2";
    private Catalog catalog = Catalog.EMPTY;
    private long revision;

    /** The shop with a share of its gate, parts per million. */
    public static Shop open(int share) {
        return new Shop()
                .with(new Event.ServicePut(Fixtures.service("orders", 10_001)))
                .with(new Event.ServicePut(Fixtures.service("web", 0, "orders")))
                .with(new Event.VersionPut(Fixtures.version("orders", "v1")))
                .with(new Event.VersionPut(Fixtures.version("orders", "v2")))
                .gate(gate -> gate.setSharePpm(share))
                .with(new Event.RoutePut(Fixtures.routeToGate("orders", "read", "orders")));
    }

    public Shop with(Event event) {
        catalog = catalog.apply(HashChain.link(catalog.head(), 1, Fixtures.STAMP, event));
        return this;
    }

    /** The next revision of the gate {@code orders}: the small one of the fixtures, changed. */
    public Shop gate(Consumer<Gate.Builder> change) {
        return with(new Event.GatesRevised(Action.UPDATED, List.of(nextGate(change))));
    }

    /** As {@link #gate}, without an event: what a kill publishes before the log has it. */
    public Catalog overlaid(Consumer<Gate.Builder> change) {
        return catalog.overlaid(List.of(nextGate(change)));
    }

    /** The first revision of another gate of {@code orders}. */
    public static GateSpec young(String id) {
        return revised(id, 1, _ -> {});
    }

    private GateSpec nextGate(Consumer<Gate.Builder> change) {
        return revised("orders", ++revision, change);
    }

    private static GateSpec revised(String id, long number, Consumer<Gate.Builder> change) {
        Gate.Builder gate = GateWriter.write(Fixtures.gate(id, "orders", 0).content()).toBuilder();
        gate.getRevisionBuilder().setEpoch(1).setNumber(number);
        change.accept(gate);
        return new GateSpec(GateParser.parse(gate.build()).orThrow(), Description.NONE);
    }

    /** Another route of {@code orders}, to its version {@code v1}. */
    public Shop routeToVersion(String id) {
        return with(
                new Event.RoutePut(
                        Fixtures.route(
                                "orders",
                                id,
                                new RouteSpec.Target.ToVersion(
                                        Fixtures.versionName("orders", "v1")))));
    }

    public Catalog catalog() {
        return catalog;
    }

    public static NodeProfile sluice() {
        return profile(NodeSpec.Kind.SLUICE);
    }

    public static NodeProfile envoy() {
        return profile(NodeSpec.Kind.ENVOY);
    }

    public static NodeProfile grpc() {
        return profile(NodeSpec.Kind.GRPC);
    }

    private static NodeProfile profile(NodeSpec.Kind kind) {
        return new NodeProfile(
                kind, Optional.of(Fixtures.serviceName("web")), Optional.empty(), "");
    }
}
