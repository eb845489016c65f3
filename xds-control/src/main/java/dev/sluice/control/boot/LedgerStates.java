package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.FleetReport;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.snapshot.Limitations;
import dev.sluice.control.snapshot.NodeProfile;
import dev.sluice.control.xds.NodeLedger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    public Collection<NodeState> nodes() {
        Catalog catalog = catalogs.get();
        return ledger.views().stream().map(view -> state(view, catalog)).toList();
    }

    @Override
    public Watch watch(Runnable listener) {
        AtomicBoolean told = new AtomicBoolean();
        NodeLedger.Watch watching =
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

    private NodeState state(NodeLedger.View view, Catalog catalog) {
        return new NodeState(
                view.spec().name(),
                view.lastSeen(),
                Limitations.of(catalog, NodeProfile.of(view.spec())),
                view.types().stream().map(LedgerStates::type).toList(),
                gates(view, catalog));
    }

    private static NodeState.TypeReport type(NodeLedger.TypeView type) {
        return new NodeState.TypeReport(
                type.typeUrl(),
                type.sentVersion(),
                type.acceptedVersion(),
                type.refusal(),
                type.withheld(),
                Optional.empty());
    }

    private List<NodeState.GateReport> gates(NodeLedger.View view, Catalog catalog) {
        Optional<Node> node = catalog.node(view.spec().name());
        if (node.isEmpty()) {
            return List.of();
        }
        Set<GateName> held = FleetReport.held(catalog, node.get(), catalog.gates());
        List<NodeState.GateReport> reports = new ArrayList<>();
        for (GateState gate : catalog.gates()) {
            if (held.contains(gate.name())
                    || view.gates().containsKey(gate.name())
                    || view.refusals().containsKey(gate.name())) {
                reports.add(
                        view.spec().kind() == NodeSpec.Kind.SLUICE
                                ? ofSluice(view, gate)
                                : ofStock(view, gate));
            }
        }
        return reports;
    }

    private static NodeState.GateReport ofSluice(NodeLedger.View view, GateState gate) {
        Optional<NodeLedger.Applied> applied = Optional.ofNullable(view.gates().get(gate.name()));
        return new NodeState.GateReport(
                gate.name(),
                applied.map(NodeLedger.Applied::revision),
                applied.map(NodeLedger.Applied::time),
                Optional.ofNullable(view.refusals().get(gate.name())));
    }

    private NodeState.GateReport ofStock(NodeLedger.View view, GateState gate) {
        boolean accepted = acceptedByStock.test(view.spec().name(), gate);
        return new NodeState.GateReport(
                gate.name(),
                accepted ? Optional.of(gate.revision()) : Optional.empty(),
                accepted ? Optional.of(view.lastSeen()) : Optional.empty(),
                Optional.empty());
    }
}
