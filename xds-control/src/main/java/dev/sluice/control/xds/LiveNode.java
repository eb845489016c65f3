package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.xds.structure.StructureStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** One node and its open streams. Thread-safe: guarded by its own lock. */
final class LiveNode {
    /** Longer than any interval in which sidecars are asked to report. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final List<NodeLedger.Connection> connections = new ArrayList<>();
    private NodeSpec spec;
    private Instant lastSeen = Instant.EPOCH;
    private AppliedGates gates = AppliedGates.NONE;
    private final Map<GateName, String> refusals = new HashMap<>();
    private List<TypeAtNode> lastTypes = List.of();
    private volatile long version;

    /** By run of its process: when it reported last, unless it said goodbye. */
    private final Map<String, Instant> runs = new HashMap<>();

    private boolean saidGoodbye;

    /** By replica: what others say that serve this node. */
    private final Map<String, NodeReports.Told> elsewhere = new HashMap<>();

    LiveNode(NodeSpec spec) {
        this.spec = spec;
    }

    /** Something of it has changed; no two changes have one number. */
    void changed(long number) {
        version = number;
    }

    /** The number of its last change. */
    long version() {
        return version;
    }

    /** Says whether the node was not connected or says something new of itself. */
    synchronized boolean attach(NodeSpec said, NodeLedger.Connection connection, Instant now) {
        boolean isNew = !isConnected() || !said.equals(spec);
        spec = said;
        lastSeen = now;
        saidGoodbye = false;
        connections.add(connection);
        return isNew;
    }

    synchronized void reported(String run, Instant now) {
        runs.put(run, now);
        saidGoodbye = false;
    }

    /**
     * A run says goodbye; says whether the node has left by it. A run that crashed says none, so
     * one that was not heard for long does not count.
     */
    synchronized boolean goodbye(String run, Instant now) {
        runs.remove(run);
        runs.values().removeIf(last -> last.plus(SILENCE).isBefore(now));
        saidGoodbye = runs.isEmpty();
        return saidGoodbye && !isConnected();
    }

    /** Whether every run that was heard lately has said goodbye. */
    synchronized boolean saidGoodbye() {
        return saidGoodbye;
    }

    /** Says whether that was the last stream. */
    @SuppressWarnings("ReferenceEquality") // two streams of one node may be equal
    synchronized boolean detach(NodeLedger.Connection connection, Instant now) {
        lastTypes = types();
        boolean was = connections.removeIf(candidate -> candidate == connection);
        lastSeen = now;
        return was && !isConnected();
    }

    /** Another replica serves the node; says what {@link #attach} says. */
    synchronized boolean told(String replica, NodeSpec said, NodeReports.Told report, Instant now) {
        boolean isNew = !isConnected() || !said.equals(spec);
        spec = said;
        lastSeen = now;
        elsewhere.put(replica, report);
        refusals.clear();
        refusals.putAll(report.refusals());
        return isNew;
    }

    /** Another replica serves it no more; says whether nobody does. */
    synchronized boolean gone(String replica, Instant now) {
        NodeReports.Told last = elsewhere.remove(replica);
        if (last == null) {
            return false;
        }
        lastTypes = last.types();
        lastSeen = now;
        return !isConnected();
    }

    /** Whether a stream of this process is open. */
    synchronized boolean isLocal() {
        return !connections.isEmpty();
    }

    /**
     * Place of the log up to which every stream of structure has accepted its routes; empty when
     * one has not, or when there is none.
     */
    synchronized OptionalLong acceptedUpTo() {
        List<OptionalLong> places =
                Stream.concat(
                                streams().stream().map(StructureStream::acceptedUpTo),
                                elsewhere.values().stream().map(NodeReports.Told::accepted))
                        .toList();
        return places.stream().allMatch(OptionalLong::isPresent)
                ? places.stream().mapToLong(OptionalLong::getAsLong).min()
                : OptionalLong.empty();
    }

    synchronized void seen(Instant now) {
        lastSeen = now;
    }

    /** Says of which gates it says another thing than before. */
    synchronized Set<GateName> applied(AppliedGates reported, Instant now) {
        Set<GateName> news = reported.differing(gates);
        gates = reported;
        lastSeen = now;
        return news;
    }

    synchronized AppliedGates applied() {
        return gates;
    }

    /** An empty refusal is an acceptance; says whether anything changed by it. */
    synchronized boolean answered(Set<GateName> answered, String refusal) {
        if (refusal.isEmpty() && refusals.isEmpty()) {
            return false; // as nearly always
        }
        Map<GateName, String> before = Map.copyOf(refusals);
        if (refusal.isEmpty()) {
            refusals.keySet().removeAll(answered);
        } else {
            answered.forEach(gate -> refusals.put(gate, refusal));
        }
        return !before.equals(refusals);
    }

    synchronized boolean isConnected() {
        return !connections.isEmpty() || !elsewhere.isEmpty();
    }

    synchronized NodeSpec spec() {
        return spec;
    }

    /** What it has of its structure: all of its streams together. */
    synchronized StructureAtNode structure() {
        List<StructureAtNode> all =
                Stream.concat(
                                streams().stream().map(LiveNode::structure),
                                elsewhere.values().stream().map(NodeReports.Told::structure))
                        .toList();
        boolean isSettled = !all.isEmpty() && all.stream().allMatch(it -> it.settled().isPresent());
        return new StructureAtNode(
                isSettled
                        ? all.stream().mapToLong(it -> it.settled().orElseThrow()).min()
                        : OptionalLong.empty(),
                all.stream().flatMap(it -> it.refused().stream()).toList());
    }

    private static StructureAtNode structure(StructureStream stream) {
        return new StructureAtNode(
                stream.settledUpTo(),
                stream.refused().stream()
                        .map(it ->
                                new StructureAtNode.Refused(
                                        it.seq(), it.type().word() + ": " + it.reason()))
                        .toList());
    }

    /** Whether a stream of structure of this process is open. */
    synchronized boolean hasStructure() {
        for (NodeLedger.Connection connection : connections) { // asked of all for each state
            if (connection.stream().isPresent()) {
                return true;
            }
        }
        return false;
    }

    synchronized List<StructureStream> streams() {
        return connections.stream().flatMap(connection -> connection.stream().stream()).toList();
    }

    synchronized NodeView view() {
        return new NodeView(
                spec, isConnected(), lastSeen, types(), gates.byName(), Map.copyOf(refusals));
    }

    synchronized GatesAtNode gates() {
        return new GatesAtNode(spec, lastSeen, gates, refusals);
    }

    synchronized NodePresence presence() {
        return new NodePresence(spec, isConnected());
    }

    private List<TypeAtNode> types() {
        List<TypeAtNode> types = new ArrayList<>();
        streams()
                .forEach(stream ->
                        stream.report()
                                .forEach((type, report) ->
                                        types.add(
                                                new TypeAtNode(
                                                        type.typeUrl(),
                                                        report.sentVersion(),
                                                        report.acceptedVersion(),
                                                        report.refusal(),
                                                        withheld(stream, type)))));
        elsewhere.values().forEach(told -> types.addAll(told.types()));
        return types.isEmpty() ? lastTypes : List.copyOf(types);
    }

    private static List<String> withheld(StructureStream stream, ResourceType type) {
        return stream.heldBack().stream()
                .filter(held -> held.type() == type)
                .map(StructureStream.HeldBack::what)
                .toList();
    }
}
