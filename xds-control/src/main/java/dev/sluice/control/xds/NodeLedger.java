package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.control.xds.structure.StructureStream;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that are connected or have been, as this process sees them: streams, what each was sent
 * and accepted, which gate revisions each obeys. Thread-safe.
 */
public final class NodeLedger {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLedger.class);

    private final Map<NodeName, LiveNode> nodes = new ConcurrentHashMap<>();
    private final NodeWatchers watchers = new NodeWatchers();
    private final Changes changes = new Changes();
    private final Clock clock;
    private final NodeEvents events;
    private volatile BiConsumer<NodeSpec, StructureStream> server = (_, _) -> {};
    private volatile Consumer<NodeName> departures = _ -> {};

    /**
     * @param clock for people's times
     * @param events is told who comes and goes
     */
    public NodeLedger(Clock clock, NodeEvents events) {
        this.clock = clock;
        this.events = events;
    }

    /** A stream of a node. Immutable. */
    record Connection(NodeName node, Optional<StructureStream> stream) {}

    /** Who gives a stream that connects its structure. */
    void serveBy(BiConsumer<NodeSpec, StructureStream> source) {
        server = source;
    }

    /** Who forgets what a node has counted when it has left. */
    void tellDepartures(Consumer<NodeName> listener) {
        departures = listener;
    }

    /** A stream of structure has said whose it is. */
    Connection connected(NodeSpec spec, StructureStream stream) {
        Connection connection = attach(spec, Optional.of(stream));
        stream.onHeldBack(held -> LOG.warn("{}: held back {}", spec.name(), held.what()));
        server.accept(spec, stream);
        return connection;
    }

    /** Another stream (gates, evidence) has said whose it is. */
    Connection connected(NodeSpec spec) {
        return attach(spec, Optional.empty());
    }

    private Connection attach(NodeSpec spec, Optional<StructureStream> stream) {
        Connection connection = new Connection(spec.name(), stream);
        LiveNode node = nodes.computeIfAbsent(spec.name(), _ -> new LiveNode(spec));
        if (node.attach(spec, connection, clock.instant())) {
            events.connected(spec);
            changes.ofAnyGate();
        }
        told(spec.name());
        return connection;
    }

    /** A stream has ended. */
    void disconnected(Connection connection) {
        find(connection.node())
                .filter(node -> node.detach(connection, clock.instant()))
                .ifPresent(node -> ended(connection.node(), node));
        told(connection.node());
    }

    /** Another replica serves a node. */
    void told(String replica, NodeSpec spec, NodeReports.Told report) {
        LiveNode node = nodes.computeIfAbsent(spec.name(), _ -> new LiveNode(spec));
        Map<GateName, String> refused = node.gates().refusals();
        boolean isNew = node.told(replica, spec, report, clock.instant());
        if (isNew) {
            events.connected(spec);
        }
        if (isNew || !refused.equals(report.refusals())) {
            changes.ofAnyGate();
        }
        told(spec.name());
    }

    /** Another replica serves a node no more. */
    void gone(String replica, NodeName name) {
        find(name)
                .filter(node -> node.gone(replica, clock.instant()))
                .ifPresent(node -> ended(name, node));
        told(name);
    }

    /** A run of a node's process has reported. */
    void reported(NodeName name, String run) {
        find(name).ifPresent(node -> node.reported(run, clock.instant()));
    }

    /** A run of a node said goodbye: it has left once no stream of another run is open. */
    void goodbye(NodeName name, String run) {
        if (find(name).map(node -> node.goodbye(run, clock.instant())).orElse(true)) {
            left(name);
        }
    }

    private void ended(NodeName name, LiveNode node) {
        if (node.saidGoodbye()) {
            left(name);
        } else {
            events.lost(name);
        }
    }

    private void left(NodeName name) {
        nodes.remove(name);
        departures.accept(name);
        events.left(name);
        changes.ofAnyGate();
        told(name);
    }

    /** A node said something on this stream. */
    void heard(Connection connection) {
        heard(connection.node());
        told(connection.node());
    }

    /**
     * A node has answered a response of the gate stream; an empty reason is an acceptance. Says
     * whether that is news.
     */
    boolean answered(Connection connection, Set<GateName> gates, String refusal) {
        boolean isNews =
                find(connection.node()).filter(it -> it.answered(gates, refusal)).isPresent();
        if (isNews) {
            changes.ofGates(gates);
            told(connection.node());
        }
        return isNews;
    }

    /** A gate is kept back from a node, for this reason; said in the log when it is new. */
    void parked(Connection connection, GateName gate, String why) {
        if (answered(connection, Set.of(gate), why)) {
            LOG.warn("{}: {} {}", connection.node(), gate, why);
        }
    }

    /** A node reports the revisions it decides by. */
    void applied(NodeName name, AppliedGates gates) {
        find(name)
                .ifPresent(node -> {
                    changes.ofGates(node.applied(gates, clock.instant()));
                    told(name);
                });
    }

    /** The revisions that a node reported last to decide by. */
    AppliedGates applied(NodeName name) {
        return find(name).map(LiveNode::applied).orElse(AppliedGates.NONE);
    }

    /** Who is told what nodes report of trips and of kills given to them alone. */
    NodeEvents events() {
        return events;
    }

    /** A node gave a sign of life on a stream of another kind. */
    void heard(NodeName name) {
        find(name).ifPresent(node -> node.seen(clock.instant()));
    }

    /**
     * Place of the log up to which every stream of structure of a node has accepted its routes;
     * empty when one has not, or when there is none.
     */
    OptionalLong acceptedUpTo(NodeName name) {
        return find(name).map(LiveNode::acceptedUpTo).orElse(OptionalLong.empty());
    }

    /** The same of all stock proxies of which it is known; sidecars of ours say more. */
    Map<NodeName, Long> accepted() {
        Map<NodeName, Long> accepted = new HashMap<>();
        nodes.forEach((name, node) -> {
            if (node.spec().kind() != NodeSpec.Kind.SLUICE) {
                node.acceptedUpTo().ifPresent(place -> accepted.put(name, place));
            }
        });
        return accepted;
    }

    /** What a node has of its structure, as it is told by now. */
    StructureAtNode structureAt(NodeName name) {
        return find(name).map(LiveNode::structure).orElse(StructureAtNode.SILENT);
    }

    /** All of them. */
    Collection<LiveNode> nodes() {
        return nodes.values();
    }

    /** Every node seen by this process that did not say goodbye. */
    public List<NodeView> views() {
        return nodes.values().stream().map(LiveNode::view).toList();
    }

    /** How many there are. */
    int size() {
        return nodes.size();
    }

    /** How many are connected to this process itself. */
    public int served() {
        return (int) nodes.values().stream().filter(LiveNode::isLocal).count();
    }

    /** The gates at each of them. */
    public List<GatesAtNode> gates() {
        return nodes.values().stream().map(LiveNode::gates).toList();
    }

    /** Who of them is connected. */
    public List<NodePresence> presences() {
        return nodes.values().stream().map(LiveNode::presence).toList();
    }

    public Optional<NodePresence> presence(NodeName name) {
        return find(name).map(LiveNode::presence);
    }

    public Optional<NodeView> view(NodeName name) {
        return find(name).map(LiveNode::view);
    }

    /** Another number after each change of what {@link #view} says; 0 when it says nothing. */
    public long version(NodeName name) {
        return find(name).map(LiveNode::version).orElse(0L);
    }

    /** Another number after each change of what {@link #gates} says of one. */
    public long version(GateName gate) {
        return changes.version(gate);
    }

    /** As {@link #view}, of a node that this process itself serves. */
    Optional<NodeView> localView(NodeName name) {
        return find(name).filter(LiveNode::isLocal).map(LiveNode::view);
    }

    /** The node is to be forgotten; says whether it was not connected. */
    public boolean forget(NodeName name) {
        boolean absent = find(name).filter(LiveNode::isConnected).isEmpty();
        if (absent) {
            nodes.remove(name);
            changes.ofAnyGate();
            told(name);
        }
        return absent;
    }

    /** Who is to hear of every node of which something changed; it must not block. */
    public NodeWatch watch(Consumer<NodeName> watcher) {
        return watchers.add(watcher);
    }

    private Optional<LiveNode> find(NodeName name) {
        return Optional.ofNullable(nodes.get(name));
    }

    void told(NodeName name) {
        find(name)
                .ifPresent(node -> {
                    node.changed(changes.number());
                    if (node.spec().kind() != NodeSpec.Kind.SLUICE) {
                        changes.ofAnyGate(); // it has gates by its structure
                    }
                });
        watchers.tell(name);
    }
}
