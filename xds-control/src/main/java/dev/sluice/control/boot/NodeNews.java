package dev.sluice.control.boot;

import dev.sluice.contract.NodeName;
import dev.sluice.control.replica.LeaderLink;
import dev.sluice.control.replica.ReplicaServer;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.XdsServer;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.replica.v1.NodeReport;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Nodes of this replica, told to the leader, and nodes of followers, told to this one. Thread-safe.
 */
final class NodeNews implements ReplicaServer.Nodes {
    /** Many changes of a node at once are told once in this time. */
    private static final long GATHER_MILLIS = 50;

    private final XdsServer xds;
    private final NodeLedger ledger;
    private final ScheduledExecutorService timer;
    private final Set<NodeName> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean gathering = new AtomicBoolean();
    private volatile Optional<LeaderLink> leader = Optional.empty();

    NodeNews(XdsServer xds, NodeLedger ledger, ScheduledExecutorService timer) {
        this.xds = xds;
        this.ledger = ledger;
        this.timer = timer;
    }

    /** Tells on this link what changes from now on. */
    void tellTo(LeaderLink link) {
        leader = Optional.of(link);
        var unused =
                ledger.watch(name -> {
                    if (link.follows()) {
                        changed.add(name);
                        gather();
                    }
                });
    }

    /** Tells everything anew, since there is a new leader, or a new stream to it. */
    void tellAll() {
        ledger.presences().forEach(seen -> changed.add(seen.node().name()));
        gather();
        leader.ifPresent(link -> xds.copyEvidence(report -> tell(link, report)));
    }

    private static void tell(LeaderLink link, Supplier<EvidenceReport> report) {
        if (link.follows()) {
            link.tell(report.get());
        }
    }

    @Override
    public void told(String replica, NodeReport report) {
        xds.remote().told(replica, report);
    }

    @Override
    public void told(EvidenceReport report) {
        xds.remote().told(report);
    }

    @Override
    public void gone(String replica) {
        xds.remote().gone(replica);
    }

    private void gather() {
        if (!timer.isShutdown() && !gathering.getAndSet(true)) {
            var unused = timer.schedule(this::flush, GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void flush() {
        gathering.set(false);
        leader.ifPresent(link -> {
            for (NodeName name : Set.copyOf(changed)) {
                changed.remove(name);
                link.tell(xds.remote().report(name));
            }
        });
    }
}
