package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of some gates a node meets: those of the routes of the services that its own service calls.
 * A node whose service is not known may meet any. Made once for many nodes, since routes and nodes
 * are many. Immutable.
 */
public final class GatesMet {
    private final Set<GateName> all;
    private final Map<ServiceName, Set<GateName>> byCaller;

    private GatesMet(Set<GateName> all, Map<ServiceName, Set<GateName>> byCaller) {
        this.all = all;
        this.byCaller = byCaller;
    }

    /**
     * Of these gates.
     *
     * @param catalog whose routes and calls count
     */
    public static GatesMet of(Catalog catalog, Collection<GateState> gates) {
        Set<GateName> all = new HashSet<>();
        gates.forEach(gate -> all.add(gate.name()));
        Map<ServiceName, Set<GateName>> byCalled = new HashMap<>();
        catalog.routes()
                .forEach(route -> {
                    if (route.spec().target() instanceof RouteSpec.Target.ToGate(var gate)
                            && all.contains(gate)) {
                        byCalled.computeIfAbsent(route.name().service(), _ -> new HashSet<>())
                                .add(gate);
                    }
                });
        Map<ServiceName, Set<GateName>> byCaller = new HashMap<>();
        for (Service caller : catalog.services()) {
            Set<GateName> met = new HashSet<>();
            caller.spec()
                    .calls()
                    .forEach(called -> met.addAll(byCalled.getOrDefault(called, Set.of())));
            if (!met.isEmpty()) {
                byCaller.put(caller.name(), Set.copyOf(met));
            }
        }
        return new GatesMet(Set.copyOf(all), Map.copyOf(byCaller));
    }

    /** Those that a node meets. */
    public Set<GateName> by(NodeSpec node) {
        return node.service().map(service -> byCaller.getOrDefault(service, Set.of())).orElse(all);
    }
}
