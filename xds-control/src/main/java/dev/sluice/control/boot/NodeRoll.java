package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.admin.desk.Changes;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log's roll of nodes true to the streams. A node that comes is told to the change path
 * at once if the log says anything else of it; one that breaks off when it has not come back for
 * {@link #BREAK}, so that nothing is written when all sidecars lose their connections and return.
 * Whatever could not be recorded then (a store that failed, a control plane that was down) is put
 * right by {@link #tick}. Thread-safe.
 */
public final class NodeRoll implements NodeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRoll.class);

    /** How long nodes of the log may take to come back after a start before they count as lost. */
    private static final Duration RETURN = Duration.ofSeconds(15);

    /** How long a node's streams may be broken before it counts as lost. */
    private static final Duration BREAK = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<NodeName, Instant> broken = new ConcurrentHashMap<>();
    private volatile Supplier<Catalog> catalogs = () -> Catalog.EMPTY;
    private volatile Instant started;
    private final CompletableFuture<Changes> path = new CompletableFuture<>();
    private volatile BooleanSupplier leads = () -> true;

    /** What was decided of kills that nodes obey and the log has nothing of. */
    private final Map<AtNode, GateRevision> answered = new ConcurrentHashMap<>();

    private record AtNode(NodeName node, GateName gate) {}

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
     * @param known the newest state of the log, with kills that are out and not recorded
     * @param leading whether this control plane keeps the roll; another one does otherwise
     */
    public void open(Changes changes, Supplier<Catalog> known, BooleanSupplier leading) {
        catalogs = known;
        leads = leading;
        path.complete(changes);
    }

    @Override
    public void connected(NodeSpec node) {
        broken.remove(node.name());
        forgetAnswers(node.name());
        if (!isOnRoll(catalogs.get(), node)) {
            submit(new Command.RegisterNode(node));
        }
    }

    @Override
    public void lost(NodeName node) {
        broken.put(node, clock.instant());
    }

    @Override
    public void left(NodeName node) {
        broken.remove(node);
        forgetAnswers(node);
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

    /**
     * What is out from here is known before any node can obey it. So a kill above that was
     * published by a control plane that died before it was recorded.
     */
    @Override
    public void obeyed(ObeyedKill kill) {
        AtNode place = new AtNode(kill.node().name(), kill.gate());
        boolean isNews =
                catalogs.get()
                        .gate(kill.gate())
                        .filter(gate -> gate.revision().isBelow(kill.revision()))
                        .isPresent();
        if (isNews && leads.getAsBoolean() && !kill.revision().equals(answered.get(place))) {
            LOG.warn("{}: {}", kill.gate(), kill.reason());
            var unused =
                    submit(new Command.KeepKill(kill), kill.reason())
                            .thenAccept(outcome -> {
                                if (isFinal(outcome)) {
                                    answered.put(place, kill.revision());
                                }
                            });
        }
    }

    private static boolean isFinal(Outcome outcome) {
        return !(outcome instanceof Outcome.Refused(var refusals))
                || refusals.stream().noneMatch(it -> it.kind() == Refusal.Kind.UNAVAILABLE);
    }

    private void forgetAnswers(NodeName node) {
        answered.keySet().removeIf(place -> place.node().equals(node));
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
            if (seen.connected() && !isOnRoll(catalog, seen.node())) {
                submit(new Command.RegisterNode(seen.node()));
            } else if (!seen.connected() && known.isEmpty() && ledger.forget(name)) {
                evidence.forget(name);
                broken.remove(name);
            }
        }
        if (clock.instant().isAfter(started.plus(RETURN))) {
            catalog.nodes().stream()
                    .filter(node -> node.presence() == Node.Presence.CONNECTED)
                    .map(Node::name)
                    .filter(name -> ledger.presence(name).filter(NodePresence::connected).isEmpty())
                    .filter(this::isOverdue)
                    .forEach(name -> submit(new Command.NodeLost(name)));
        }
    }

    private boolean isOverdue(NodeName name) {
        Instant since = broken.get(name);
        return since == null || !clock.instant().isBefore(since.plus(BREAK));
    }

    private static boolean isOnRoll(Catalog catalog, NodeSpec spec) {
        return catalog.node(spec.name())
                .filter(node -> node.presence() == Node.Presence.CONNECTED)
                .filter(node -> node.spec().equals(spec))
                .isPresent();
    }

    private void submit(Command command) {
        if (leads.getAsBoolean()) {
            var unused = submit(command, "");
        }
    }

    private CompletableFuture<Outcome> submit(Command command, String reason) {
        CommandContext context =
                CommandContext.of(Principal.NODES, clock.instant()).withReason(reason);
        return path.thenCompose(open -> open.submit(command, context))
                .whenComplete((outcome, failure) -> {
                    if (failure != null) {
                        LOG.error("{} failed", command, failure);
                    } else if (outcome instanceof Outcome.Refused(var refusals)) {
                        LOG.warn("{} was refused: {}", command, refusals);
                    }
                });
    }
}
