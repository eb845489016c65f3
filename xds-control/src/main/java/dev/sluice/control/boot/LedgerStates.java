package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
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
import java.util.TreeSet;
import java.util.function.Supplier;

/** The ledger of the xDS side as those see it who ask about nodes. Thread-safe. */
final class LedgerStates implements NodeStates {
    private final NodeLedger ledger;
    private final Supplier<Catalog> catalog;

    LedgerStates(NodeLedger ledger, Supplier<Catalog> catalog) {
        this.ledger = ledger;
        this.catalog = catalog;
    }

    @Override
    public Optional<NodeState> node(NodeName name) {
        return ledger.view(name).map(this::state);
    }

    @Override
    public Collection<NodeState> nodes() {
        return ledger.views().stream().map(this::state).toList();
    }

    @Override
    public Watch watch(Runnable listener) {
        AutoCloseable watch = ledger.watch(_ -> listener.run());
        return () -> {
            try {
                watch.close();
            } catch (Exception e) {
                throw new IllegalStateException("a watch of the ledger only removes itself", e);
            }
        };
    }

    private NodeState state(NodeLedger.View view) {
        Set<GateName> names = new TreeSet<>(view.gates().keySet());
        names.addAll(view.refusals().keySet());
        List<NodeState.GateReport> gates = new ArrayList<>();
        for (GateName name : names) {
            Optional<NodeLedger.Applied> applied = Optional.ofNullable(view.gates().get(name));
            gates.add(new NodeState.GateReport(
                    name,
                    applied.map(NodeLedger.Applied::revision),
                    applied.map(NodeLedger.Applied::time),
                    Optional.ofNullable(view.refusals().get(name))));
        }
        return new NodeState(
                view.spec().name(),
                view.lastSeen(),
                Limitations.of(catalog.get(), NodeProfile.of(view.spec())),
                view.types().stream()
                        .map(type -> new NodeState.TypeReport(
                                type.typeUrl(),
                                type.sentVersion(),
                                type.acceptedVersion(),
                                type.refusal(),
                                Optional.empty()))
                        .toList(),
                gates);
    }
}
