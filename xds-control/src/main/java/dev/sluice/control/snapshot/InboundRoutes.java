package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Routes of the listener beside a version: all lead to its application, without a timeout of their
 * own. Those that callers take through a gate name it and the arm that the version plays, so that a
 * Sluice node counts who calls, and refuses calls that come too late; any node tells callers of
 * LEGACY when it is to end. Pure.
 */
final class InboundRoutes {
    private InboundRoutes() {}

    static Versioned render(Catalog catalog, VersionName version, NodeProfile profile) {
        String name = ListenerRenderer.inboundName(version);
        VirtualHost.Builder host = VirtualHost.newBuilder().setName("application").addDomains("*");
        RouteRenderer.ofService(catalog, version.service())
                .flatMap(route -> served(catalog, version, route.spec(), profile.kind()))
                .forEach(host::addRoutes);
        host.addRoutes(
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(toApplication(version)));
        return Versioned.of(
                name, RouteConfiguration.newBuilder().setName(name).addVirtualHosts(host).build());
    }

    private static Stream<Route> served(
            Catalog catalog, VersionName version, RouteSpec route, NodeSpec.Kind kind) {
        if (!(route.target() instanceof RouteSpec.Target.ToGate(var name))) {
            return Stream.empty();
        }
        return catalog.gate(name).stream()
                .flatMap(gate ->
                        arm(gate, version).stream()
                                .flatMap(arm ->
                                        served(catalog, new Play(gate, arm, version), route, kind)
                                                .stream()));
    }

    /** The arm that a version plays of a gate. */
    private record Play(GateState gate, Arm arm, VersionName version) {}

    private static Optional<Arm> arm(GateState gate, VersionName version) {
        return Stream.of(Arm.values())
                .filter(arm -> gate.content().cluster(arm).equals(version.name()))
                .findFirst();
    }

    private static Optional<Route> served(
            Catalog catalog, Play play, RouteSpec route, NodeSpec.Kind kind) {
        return RouteRenderer.base(route, kind)
                .map(base -> served(catalog, play, base, route, kind));
    }

    private static Route served(
            Catalog catalog, Play play, Route.Builder base, RouteSpec route, NodeSpec.Kind kind) {
        Route.Builder served = base.setRoute(toApplication(play.version()));
        if (play.arm() == Arm.LEGACY) {
            served.addAllResponseHeadersToAdd(SunsetHeaders.of(catalog, play.gate()));
        }
        if (kind == NodeSpec.Kind.SLUICE) {
            served.putTypedPerFilterConfig(
                    ListenerRenderer.GATE_FILTER, Any.pack(routeGate(play, route)));
        }
        return served.build();
    }

    private static Message routeGate(Play play, RouteSpec route) {
        RouteGate routeGate =
                new RouteGate(
                        new RouteGate.Source.Named(play.gate().name()),
                        new Operation(route.name().id(), route.operationClass()),
                        Optional.of(play.arm()));
        return GateWriter.write(routeGate);
    }

    private static RouteAction.Builder toApplication(VersionName version) {
        return RouteAction.newBuilder()
                .setCluster(ClusterRenderer.inboundName(version))
                .setTimeout(com.google.protobuf.Duration.getDefaultInstance());
    }
}
