package dev.sluice.control.orchestrate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.change.NodeSpec;
import dev.sluice.control.change.RouteSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Nodes as the catalog knows them. A node holds the gates of the routes of the services that its
 * own service calls; a node whose service is not known may hold any. Sidecars say by evidence what
 * they have applied, stock proxies by accepting the resources into which a gate was rendered.
 * Thread-safe.
 */
public final class CatalogFleet implements Fleet {
    /** Ten reports missed. */
    private static final Duration SILENT = Duration.ofSeconds(10);

    private final EvidenceTotals evidence;
    private final BiPredicate<NodeName, GateState> acceptedByStock;

    /**
     * @param acceptedByStock whether a stock proxy has accepted the present revision of a gate
     */
    public CatalogFleet(
            EvidenceTotals evidence, BiPredicate<NodeName, GateState> acceptedByStock) {
        this.evidence = evidence;
        this.acceptedByStock = acceptedByStock;
    }

    @Override
    public List<NodeName> lagging(Catalog catalog, List<GateState> gates) {
        return catalog.nodes().stream()
                .filter(Node::isLive)
                .filter(node -> isLagging(catalog, node, gates))
                .map(Node::name)
                .toList();
    }

    @Override
    public List<NodeName> silent(Catalog catalog, List<GateState> gates, Instant now) {
        return catalog.nodes().stream()
                .filter(Node::isLive)
                .filter(node -> node.spec().kind() == NodeSpec.Kind.SLUICE)
                .filter(node -> holdsAny(catalog, node, gates))
                .map(Node::name)
                .filter(
                        node ->
                                evidence.lastHeard(node)
                                        .filter(heard -> !heard.isBefore(now.minus(SILENT)))
                                        .isEmpty())
                .toList();
    }

    private boolean isLagging(Catalog catalog, Node node, List<GateState> gates) {
        Set<GateName> held = held(catalog, node, gates);
        return gates.stream()
                .filter(gate -> held.contains(gate.name()))
                .anyMatch(gate -> !hasApplied(node, gate));
    }

    private boolean hasApplied(Node node, GateState gate) {
        return switch (node.spec().kind()) {
            case SLUICE ->
                    evidence.applied(node.name(), gate.name())
                            .filter(revision -> !revision.isBelow(gate.revision()))
                            .isPresent();
            case ENVOY, GRPC -> acceptedByStock.test(node.name(), gate);
        };
    }

    private static boolean holdsAny(Catalog catalog, Node node, List<GateState> gates) {
        Set<GateName> held = held(catalog, node, gates);
        return gates.stream().anyMatch(gate -> held.contains(gate.name()));
    }

    /** Those of these gates that a node meets, by what its service calls. */
    public static Set<GateName> held(
            Catalog catalog, Node node, Collection<GateState> gates) {
        Set<GateName> held = new HashSet<>();
        if (node.spec().service().isEmpty()) {
            gates.forEach(gate -> held.add(gate.name()));
            return held;
        }
        List<ServiceName> called =
                catalog.service(node.spec().service().get())
                        .map(Service::spec)
                        .map(spec -> spec.calls())
                        .orElse(List.of());
        catalog.routes().stream()
                .filter(route -> called.contains(route.name().service()))
                .forEach(
                        route -> {
                            if (route.spec().target() instanceof RouteSpec.Target.ToGate(var gate)) {
                                held.add(gate);
                            }
                        });
        return held;
    }
}
