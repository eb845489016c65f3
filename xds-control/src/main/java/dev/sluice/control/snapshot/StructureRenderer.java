package dev.sluice.control.snapshot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Gone;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node should have, from what the catalog says. Pure.
 *
 * <p>A node gets a listener {@code outbound/{service}} for each service that its own service calls,
 * with routes to gates or versions; a listener {@code inbound/{service}} when its version has one;
 * and the clusters of all versions of the services it calls. Clusters bear the names of versions.
 * What takes calls at a gRPC client is the client itself: it gets no inbound listener.
 */
public final class StructureRenderer {
    private StructureRenderer() {}

    /** The structure of a node of this profile; empty for one whose service is unknown. */
    public static Structure render(Catalog catalog, NodeProfile profile) {
        List<Versioned> clusters = new ArrayList<>();
        List<Versioned> endpoints = new ArrayList<>();
        List<Versioned> listeners = new ArrayList<>();
        List<Versioned> routes = new ArrayList<>();
        called(catalog, profile)
                .forEach(called -> {
                    listeners.add(ListenerRenderer.outbound(called.spec(), profile));
                    routes.add(RouteRenderer.outbound(catalog, called.name(), profile));
                    for (Version version : versions(catalog, called.name())) {
                        clusters.add(ClusterRenderer.version(version.spec(), profile.kind()));
                        ClusterRenderer.endpoints(version.spec(), profile.kind())
                                .ifPresent(endpoints::add);
                    }
                });
        profile.version()
                .filter(_ -> profile.kind() != NodeSpec.Kind.GRPC)
                .flatMap(catalog::version)
                .ifPresent(version ->
                        version.spec()
                                .inbound()
                                .ifPresent(inbound -> {
                                    listeners.add(
                                            ListenerRenderer.inbound(
                                                    version.spec().name(), inbound, profile));
                                    routes.add(
                                            InboundRoutes.render(
                                                    catalog, version.spec().name(), profile));
                                    clusters.add(ClusterRenderer.inbound(version.spec(), inbound));
                                }));
        return new Structure(
                catalog.epoch(),
                catalog.seq(),
                Map.of(
                        ResourceType.CLUSTER, ResourceSet.of(clusters),
                        ResourceType.ENDPOINT, ResourceSet.of(endpoints),
                        ResourceType.LISTENER, ResourceSet.of(listeners),
                        ResourceType.ROUTE, ResourceSet.of(routes)),
                former(catalog, profile));
    }

    /**
     * The same, sharing what it can with what such a node should have before.
     *
     * @param affected kinds whose structure may have changed since
     */
    public static Structure next(
            Structure before, Set<NodeSpec.Kind> affected, Catalog catalog, NodeProfile profile) {
        if (!affected.contains(profile.kind())) {
            return before.at(catalog);
        }
        Structure next = render(catalog, profile);
        return next.hasContentOf(before) ? before.at(catalog) : next;
    }

    /** Clusters, with their endpoints, that nodes of this profile had once. */
    private static List<Former> former(Catalog catalog, NodeProfile profile) {
        List<Former> former = new ArrayList<>();
        for (Gone gone : catalog.goneVersions().values()) {
            if (profile.service().filter(gone.callers()::contains).isPresent()) {
                former.add(
                        new Former(
                                gone.seq(),
                                ResourceType.CLUSTER,
                                ClusterRenderer.version(gone.spec(), profile.kind())));
                ClusterRenderer.endpoints(gone.spec(), profile.kind())
                        .ifPresent(assignment ->
                                former.add(
                                        new Former(gone.seq(), ResourceType.ENDPOINT, assignment)));
            }
        }
        return former;
    }

    /**
     * The gates that a node of this profile meets: those of routes to the services that it calls,
     * each once.
     */
    static List<GateState> gates(Catalog catalog, NodeProfile profile) {
        Set<ServiceName> called =
                called(catalog, profile).map(Service::name).collect(Collectors.toSet());
        return catalog.routes().stream()
                .filter(route -> called.contains(route.spec().name().service()))
                .flatMap(route -> gate(route.spec().target()).stream())
                .distinct()
                .flatMap(gate -> catalog.gate(gate).stream())
                .toList();
    }

    private static Optional<GateName> gate(RouteSpec.Target target) {
        return switch (target) {
            case RouteSpec.Target.ToGate(GateName gate) -> Optional.of(gate);
            case RouteSpec.Target.ToVersion _ -> Optional.empty();
        };
    }

    /** The services with an outbound listener that a node's own service calls. */
    static Stream<Service> called(Catalog catalog, NodeProfile profile) {
        return profile
                .service()
                .flatMap(catalog::service)
                .map(own -> own.spec().calls())
                .orElse(List.of())
                .stream()
                .flatMap(name -> catalog.service(name).stream())
                .filter(called -> called.spec().outbound().isPresent());
    }

    static List<Version> versions(Catalog catalog, ServiceName service) {
        return catalog.versions().stream()
                .filter(version -> version.name().service().equals(service))
                .toList();
    }
}
