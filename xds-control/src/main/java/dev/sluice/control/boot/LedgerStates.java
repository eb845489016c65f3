package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.lifecycle.gate.GatesMet;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.snapshot.Limitations;
import dev.sluice.control.snapshot.NodeProfile;
import dev.sluice.control.xds.GateAtNode;
import dev.sluice.control.xds.GatesAtNode;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.NodeView;
import dev.sluice.control.xds.NodeWatch;
import dev.sluice.control.xds.TypeAtNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What the xDS side sees of nodes, as the rest of the control plane reads it. A Sluice node says
 * itself which revisions it decides by; a stock proxy has a gate when it has accepted the structure
 * into which the gate was rendered. Thread-safe.
 */
final class LedgerStates implements NodeStates {
    /** Many changes at once, such as a gate that all nodes apply, are told once in this time. */
    private static final long GATHER_MILLIS = 50;

    private final NodeLedger ledger;
    private final Supplier<Catalog> catalogs;
    private final BiPredicate<NodeName, GateState> acceptedByStock;
    private final ScheduledExecutorService timer;
    private volatile Met met = new Met(Catalog.EMPTY, GatesMet.of(Catalog.EMPTY, List.of()));

    /** What nodes meet of all gates of a catalog. */
    private record Met(Catalog catalog, GatesMet gates) {}

    LedgerStates(
            NodeLedger ledger,
            Supplier<Catalog> catalogs,
            BiPredicate<NodeName, GateState> acceptedByStock,
            ScheduledExecutorService timer) {
        this.ledger = ledger;
        this.catalogs = catalogs;
        this.acceptedByStock = acceptedByStock;
        this.timer = timer;
    }

    @Override
    public Optional<NodeState> node(NodeName name) {
        Catalog catalog = catalogs.get();
        return ledger.view(name).map(view -> state(view, catalog));
    }

    @Override
    public long version(NodeName name) {
        return ledger.version(name);
    }

    @Override
    public Collection<NodeState> nodes() {
        Catalog catalog = catalogs.get();
        return ledger.views().stream().map(view -> state(view, catalog)).toList();
    }

    @Override
    public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> names) {
        Catalog catalog = catalogs.get();
        Map<GateName, GateState> gates = new HashMap<>();
        names.forEach(name -> catalog.gate(name).ifPresent(gate -> gates.put(name, gate)));
        GatesMet meeting = GatesMet.of(catalog, gates.values());
        Map<GateName, Map<NodeName, NodeState.GateReport>> reports = new HashMap<>();
        for (GatesAtNode at : ledger.gates()) {
            Set<GateName> held = new HashSet<>(meeting.by(at.node()));
            at.eachKnown(gates.keySet(), held::add);
            for (GateName name : held) {
                GateState gate = gates.get(name);
                if (gate != null) {
                    reports.computeIfAbsent(name, _ -> new HashMap<>())
                            .put(at.node().name(), report(at.of(name), gate));
                }
            }
        }
        return reports;
    }

    @Override
    public long version(GateName gate) {
        return ledger.version(gate);
    }

    @Override
    public Watch watch(Runnable listener) {
        AtomicBoolean told = new AtomicBoolean();
        NodeWatch watching =
                ledger.watch(_ -> {
                    if (!told.getAndSet(true)) {
                        var unused =
                                timer.schedule(
                                        () -> {
                                            told.set(false);
                                            listener.run();
                                        },
                                        GATHER_MILLIS,
                                        TimeUnit.MILLISECONDS);
                    }
                });
        return watching::close;
    }

    private NodeState state(NodeView view, Catalog catalog) {
        return new NodeState(
                view.spec().name(),
                view.lastSeen(),
                Limitations.of(catalog, NodeProfile.of(view.spec())),
                view.types().stream().map(LedgerStates::type).toList(),
                gates(view, catalog));
    }

    private static NodeState.TypeReport type(TypeAtNode type) {
        return new NodeState.TypeReport(
                type.typeUrl(),
                type.sentVersion(),
                type.acceptedVersion(),
                type.refusal(),
                type.withheld(),
                Optional.empty());
    }

    private List<NodeState.GateReport> gates(NodeView view, Catalog catalog) {
        if (catalog.node(view.spec().name()).isEmpty()) {
            return List.of();
        }
        Set<GateName> names = new TreeSet<>(met(catalog).by(view.spec()));
        names.addAll(view.gates().keySet());
        names.addAll(view.refusals().keySet());
        return names.stream()
                .flatMap(name -> catalog.gate(name).stream())
                .map(gate -> report(view.of(gate.name()), gate))
                .toList();
    }

    @SuppressWarnings("ReferenceEquality") // of the very catalog
    private GatesMet met(Catalog catalog) {
        Met known = met;
        if (known.catalog() != catalog) {
            known = new Met(catalog, GatesMet.of(catalog, catalog.gates()));
            met = known;
        }
        return known.gates();
    }

    private NodeState.GateReport report(GateAtNode at, GateState gate) {
        return at.node().kind() == NodeSpec.Kind.SLUICE ? ofSluice(at, gate) : ofStock(at, gate);
    }

    private static NodeState.GateReport ofSluice(GateAtNode at, GateState gate) {
        return new NodeState.GateReport(
                gate.name(),
                at.applied().map(AppliedGates.Applied::revision),
                at.applied().map(AppliedGates.Applied::time),
                at.applied().map(AppliedGates.Applied::writesUnderWay).orElse(0),
                at.refusal());
    }

    private NodeState.GateReport ofStock(GateAtNode at, GateState gate) {
        boolean accepted = acceptedByStock.test(at.node().name(), gate);
        return new NodeState.GateReport(
                gate.name(),
                accepted ? Optional.of(gate.revision()) : Optional.empty(),
                accepted ? Optional.of(at.lastSeen()) : Optional.empty(),
                0,
                Optional.empty());
    }
}
