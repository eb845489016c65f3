package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.sluice.contract.GateName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Route;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Routes of a node. Pure. */
final class RouteRenderer {
    private static final Comparator<Route> ORDER =
            Comparator.<Route>comparingInt(route -> route.spec().priority())
                    .thenComparing(route -> route.spec().name());

    private static final String CALLER = "x-envoy-downstream-service-cluster";

    private RouteRenderer() {}

    /** Routes of the outbound listener of a service, by priority, then by name. */
    static Versioned outbound(Catalog catalog, ServiceName service, NodeProfile profile) {
        String name = ListenerRenderer.outboundName(service);
        VirtualHost.Builder host = VirtualHost.newBuilder().setName(service.id()).addDomains("*");
        ofService(catalog, service)
                .flatMap(route -> render(catalog, route.spec(), profile).stream())
                .forEach(host::addRoutes);
        RouteConfiguration.Builder routes =
                RouteConfiguration.newBuilder().setName(name).addVirtualHosts(host);
        profile.service().ifPresent(own -> routes.addRequestHeadersToAdd(caller(own)));
        return Versioned.of(name, routes.build());
    }

    /** Routes to a service in the order in which they are tried. */
    static Stream<Route> ofService(Catalog catalog, ServiceName service) {
        return catalog.routes().stream()
                .filter(route -> route.spec().name().service().equals(service))
                .sorted(ORDER);
    }

    /** Whose call it is, whatever the application says: the called side counts by it. */
    private static HeaderValueOption caller(ServiceName own) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(CALLER).setValue(own.id()))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }

    private static List<io.envoyproxy.envoy.config.route.v3.Route> render(
            Catalog catalog, RouteSpec route, NodeProfile profile) {
        return base(route, profile.kind())
                .map(base -> render(catalog, route, base, profile.kind()))
                .orElse(List.of());
    }

    private static List<io.envoyproxy.envoy.config.route.v3.Route> render(
            Catalog catalog,
            RouteSpec route,
            io.envoyproxy.envoy.config.route.v3.Route.Builder base,
            NodeSpec.Kind kind) {
        RouteAction.Builder action = action(route, kind);
        return switch (route.target()) {
            case RouteSpec.Target.ToVersion(VersionName version) ->
                    List.of(base.setRoute(action.setCluster(version.name())).build());
            case RouteSpec.Target.ToGate(GateName gate) ->
                    catalog.gate(gate)
                            .map(state ->
                                    kind == NodeSpec.Kind.SLUICE
                                            ? List.of(named(route, state, base, action))
                                            : WeightedRoutes.render(
                                                    state.content(), kind, base, action))
                            .orElse(List.of());
        };
    }

    /**
     * For a Sluice node: the route only names its gate; the cluster is never used while the gate is
     * there.
     */
    private static io.envoyproxy.envoy.config.route.v3.Route named(
            RouteSpec route,
            GateState gate,
            io.envoyproxy.envoy.config.route.v3.Route.Builder base,
            RouteAction.Builder action) {
        RouteGate routeGate =
                new RouteGate(
                        new RouteGate.Source.Named(gate.name()),
                        new Operation(route.name().id(), route.operationClass()));
        return base.setRoute(action.setCluster(gate.content().legacyCluster()))
                .putTypedPerFilterConfig(
                        ListenerRenderer.GATE_FILTER, Any.pack(GateWriter.write(routeGate)))
                .build();
    }

    /** Name and match, without an action; empty when no call of such a node can match. */
    static Optional<io.envoyproxy.envoy.config.route.v3.Route.Builder> base(
            RouteSpec route, NodeSpec.Kind kind) {
        return Methods.narrow(route.match().toBuilder(), route.methods(), kind)
                .map(match ->
                        io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
                                .setName(route.name().id())
                                .setMatch(match));
    }

    private static RouteAction.Builder action(RouteSpec route, NodeSpec.Kind kind) {
        RouteAction.Builder action = RouteAction.newBuilder();
        var timeout = ClusterRenderer.duration(route.timeout());
        if (kind == NodeSpec.Kind.GRPC) {
            // The one timeout of a route that gRPC obeys (gRFC A31).
            action.getMaxStreamDurationBuilder().setMaxStreamDuration(timeout);
        } else {
            action.setTimeout(timeout);
        }
        route.retry()
                .ifPresent(retry -> {
                    RetryPolicy.Builder policy =
                            RetryPolicy.newBuilder()
                                    .setRetryOn(String.join(",", retry.retryOn()))
                                    .setNumRetries(UInt32Value.of(retry.numRetries()));
                    retry.perTryTimeout()
                            .ifPresent(perTry ->
                                    policy.setPerTryTimeout(ClusterRenderer.duration(perTry)));
                    action.setRetryPolicy(policy);
                });
        return action;
    }
}
