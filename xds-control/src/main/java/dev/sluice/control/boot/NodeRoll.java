package dev.sluice.control.boot;

import dev.sluice.contract.NodeName;
import dev.sluice.control.admin.desk.Changes;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.xds.NodeEvents;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.NodePresence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log's roll of nodes true to the streams. What comes and goes is told to the change path
 * at once; whatever could not be recorded then (a store that failed, a control plane that was down)
 * is put right by {@link #tick}. Thread-safe.
 */
public final class NodeRoll implements NodeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRoll.class);

    /** How long nodes of the log may take to come back after a start before they count as lost. */
    private static final Duration RETURN = Duration.ofSeconds(15);

    private final InstantSource clock;
    private volatile Instant started;
    private final CompletableFuture<Changes> path = new CompletableFuture<>();
    private volatile BooleanSupplier leads = () -> true;

    /**
     * @param clock times of commands
     */
    public NodeRoll(InstantSource clock) {
        this.clock = clock;
        this.started = clock.instant();
    }

    /**
     * Gives commands to this path from now on; no stream is served before.
     *
     * @param leading whether this control plane keeps the roll; another one does otherwise
     */
    public void open(Changes changes, BooleanSupplier leading) {
        leads = leading;
        path.complete(changes);
    }

    @Override
    public void connected(NodeSpec node) {
        submit(new Command.RegisterNode(node));
    }

    @Override
    public void lost(NodeName node) {
        submit(new Command.NodeLost(node));
    }

    @Override
    public void left(NodeName node) {
        submit(new Command.NodeLeft(node));
    }

    @Override
    public void tripped(TripReport trip) {
        submit(new Command.RecordTrip(trip));
    }

    @Override
    public void killed(LocalKillReport kill) {
        submit(new Command.RecordLocalKill(kill));
    }

    /** Nodes of the log have from now on to come back. */
    void restart() {
        started = clock.instant();
    }

    /** Puts right what differs; to be called every second or so. */
    public void tick(Catalog catalog, NodeLedger ledger, EvidenceTotals evidence) {
        for (NodePresence seen : ledger.presences()) {
            NodeName name = seen.node().name();
            Optional<Node> known = catalog.node(name);
            if (seen.connected() && known.filter(node -> agrees(node, seen)).isEmpty()) {
                submit(new Command.RegisterNode(seen.node()));
            } else if (!seen.connected() && known.isEmpty() && ledger.forget(name)) {
                evidence.forget(name);
            }
        }
        if (clock.instant().isAfter(started.plus(RETURN))) {
            catalog.nodes().stream()
                    .filter(node -> node.presence() == Node.Presence.CONNECTED)
                    .filter(node ->
                            ledger.presence(node.name()).filter(NodePresence::connected).isEmpty())
                    .forEach(node -> submit(new Command.NodeLost(node.name())));
        }
    }

    private static boolean agrees(Node node, NodePresence seen) {
        return node.presence() == Node.Presence.CONNECTED && node.spec().equals(seen.node());
    }

    private void submit(Command command) {
        if (!leads.getAsBoolean()) {
            return;
        }
        CommandContext context = CommandContext.of(Principal.NODES, clock.instant());
        var unused =
                path.thenCompose(open -> open.submit(command, context))
                        .whenComplete((outcome, failure) -> {
                            if (failure != null) {
                                LOG.error("{} failed", command, failure);
                            } else if (outcome instanceof Outcome.Refused(var refusals)) {
                                LOG.warn("{} was refused: {}", command, refusals);
                            }
                        });
    }
}
