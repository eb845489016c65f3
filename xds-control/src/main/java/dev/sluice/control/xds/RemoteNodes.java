package dev.sluice.control.xds;

import dev.sluice.contract.NodeName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.replica.v1.NodeKind;
import dev.sluice.replica.v1.NodeReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Nodes that other replicas serve, as those tell, and what this one tells of its own. They count as
 * connected here, with what they accepted and reported. Thread-safe.
 */
public final class RemoteNodes {
    private final NodeLedger ledger;
    private final EvidenceIntake intake;
    private final Map<String, Set<NodeName>> byReplica = new HashMap<>(); // guarded by this

    RemoteNodes(NodeLedger ledger, EvidenceIntake intake) {
        this.ledger = ledger;
        this.intake = intake;
    }

    /**
     * A replica tells of one of its nodes.
     *
     * @throws IllegalArgumentException when it is no report of a node
     */
    public synchronized void told(String replica, NodeReport report) {
        NodeSpec spec = NodeReports.spec(report);
        Set<NodeName> known = byReplica.computeIfAbsent(replica, _ -> new HashSet<>());
        if (report.getConnected()) {
            known.add(spec.name());
            ledger.told(replica, spec, NodeReports.told(report));
        } else if (known.remove(spec.name())) {
            ledger.gone(replica, spec.name());
        }
    }

    /**
     * A replica tells what a sidecar reported to it.
     *
     * @throws IllegalArgumentException when it is no report of a sidecar
     */
    public void told(EvidenceReport report) {
        var unused = intake.take(report, EvidenceIntake.Taken.NONE);
    }

    /** A replica tells nothing any more: its nodes are lost until somebody serves them. */
    public synchronized void gone(String replica) {
        Set<NodeName> known = byReplica.remove(replica);
        if (known != null) {
            known.forEach(name -> ledger.gone(replica, name));
        }
    }

    /** What is to be told of a node of this replica; one that is not there any more is gone. */
    public NodeReport report(NodeName name) {
        return ledger.localView(name)
                .map(view ->
                        NodeReports.write(
                                view, ledger.acceptedUpTo(name), ledger.structureAt(name)))
                .orElseGet(() ->
                        NodeReport.newBuilder()
                                .setNodeId(name.id())
                                .setKind(NodeKind.SLUICE)
                                .build());
    }
}
