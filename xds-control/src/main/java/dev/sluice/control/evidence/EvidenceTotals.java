package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.CallerCounts.Caller;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all sidecars saw, added up. Counts are cumulative for each run of a sidecar, so a repeated,
 * late or lost report changes nothing. Kept in memory only: after a restart of the control plane
 * the sidecars' next reports bring everything back.
 *
 * <p>Thread-safe: one lock; adding up one gate takes time in proportion to its sidecars.
 */
public final class EvidenceTotals {
    /** Revisions kept for each gate and run of a sidecar: the present one and those before it. */
    private static final int KEPT_REVISIONS = 8;

    private final Map<Run, State> runs = new HashMap<>();
    private final Map<NodeName, Instant> lastHeard = new HashMap<>();
    private final Map<NodeName, NodeRuns> nodeRuns = new HashMap<>();
    private final Map<NodeName, AppliedGates> applied = new HashMap<>();

    private record Run(NodeName node, String bootId) {}

    private record Slot(Arm arm, String operation) {}

    private static final class State {
        long sequence;
        final Counts gates = new Counts();
        final Counts carried = new Counts();
        final Map<Caller, CallerCounts> callers = new HashMap<>();
    }

    /** What one run of a sidecar counted of one kind, by gate and revision. */
    private static final class Counts {
        private final Map<GateName, TreeMap<GateRevision, Map<Slot, GateCounts>>> gates =
                new HashMap<>();

        void put(GateCounts counts) {
            TreeMap<GateRevision, Map<Slot, GateCounts>> revisions =
                    gates.computeIfAbsent(counts.gate(), _ -> new TreeMap<>());
            revisions
                    .computeIfAbsent(counts.revision(), _ -> new HashMap<>())
                    .put(new Slot(counts.arm(), counts.operation()), counts);
            while (revisions.size() > KEPT_REVISIONS) {
                revisions.pollFirstEntry();
            }
        }

        Collection<GateCounts> of(GateName gate, GateRevision revision) {
            SortedMap<GateRevision, Map<Slot, GateCounts>> revisions = gates.get(gate);
            return revisions == null
                    ? List.of()
                    : revisions.getOrDefault(revision, Map.of()).values();
        }
    }

    /**
     * Takes a report, unless a later one of the same run was taken before.
     *
     * @param received when it came, by the control plane's clock
     * @return the highest sequence taken of this run
     */
    public synchronized long accept(NodeReport report, Instant received) {
        State state =
                runs.computeIfAbsent(new Run(report.node(), report.bootId()), _ -> new State());
        lastHeard.merge(report.node(), received, (a, b) -> a.isAfter(b) ? a : b);
        if (report.sequence() <= state.sequence) {
            return state.sequence;
        }
        state.sequence = report.sequence();
        applied.put(
                report.node(),
                nodeRuns.computeIfAbsent(report.node(), _ -> new NodeRuns())
                        .heard(report, received));
        report.gates().forEach(state.gates::put);
        report.carried().forEach(state.carried::put);
        report.callers().forEach(calls -> state.callers.put(calls.caller(), calls));
        return state.sequence;
    }

    /** Forgets a node that left or was forgotten, with what it reported. */
    public synchronized void forget(NodeName node) {
        runs.keySet().removeIf(run -> run.node().equals(node));
        lastHeard.remove(node);
        nodeRuns.remove(node);
        applied.remove(node);
    }

    /** What both arms of a gate did under one revision. */
    public synchronized GateEvidence of(GateName gate, GateRevision revision) {
        List<Collection<GateCounts>> byRun = new ArrayList<>();
        List<Collection<GateCounts>> carriedByRun = new ArrayList<>();
        for (State state : runs.values()) {
            byRun.add(state.gates.of(gate, revision));
            carriedByRun.add(state.carried.of(gate, revision));
        }
        return new GateEvidence(
                gate,
                revision,
                sum(byRun, Arm.LEGACY),
                sum(byRun, Arm.NEW),
                sum(carriedByRun, Arm.LEGACY),
                sum(carriedByRun, Arm.NEW));
    }

    /** Keys of the legacy arm that erred or were slow under one revision, decided by share. */
    public synchronized ErringKeys legacyKeys(GateName gate, GateRevision revision) {
        Set<Long> errors = new HashSet<>();
        Set<Long> slow = new HashSet<>();
        for (State state : runs.values()) {
            for (GateCounts counts : state.gates.of(gate, revision)) {
                if (counts.arm() == Arm.LEGACY) {
                    errors.addAll(counts.firstErrors());
                    slow.addAll(counts.firstSlow());
                }
            }
        }
        return new ErringKeys(errors, slow);
    }

    /**
     * Keys by a hash that is independent of the gate's bucket. Immutable.
     *
     * @param errors with an error
     * @param slow with a slow answer
     */
    public record ErringKeys(Set<Long> errors, Set<Long> slow) {
        /** None. */
        public static final ErringKeys NONE = new ErringKeys(Set.of(), Set.of());

        public ErringKeys {
            errors = Set.copyOf(errors);
            slow = Set.copyOf(slow);
        }
    }

    /** Who called the arms of a gate, since the sidecars that count it began; in no order. */
    public synchronized List<CallerCounts> callers(GateName gate) {
        Map<Caller, CallerCounts> sums = new HashMap<>();
        for (State state : runs.values()) {
            for (CallerCounts calls : state.callers.values()) {
                if (calls.caller().gate().equals(gate)) {
                    sums.merge(calls.caller(), calls, CallerCounts::plus);
                }
            }
        }
        return List.copyOf(sums.values());
    }

    /** The revision of each gate by which each node says it decides. */
    public synchronized Map<NodeName, Map<GateName, GateRevision>> applied() {
        return applied.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, node -> node.getValue().revisions()));
    }

    /** What a node has applied, all runs of its process together. */
    public synchronized AppliedGates applied(NodeName node) {
        return applied.getOrDefault(node, AppliedGates.NONE);
    }

    /** When each node reported last. */
    public synchronized Map<NodeName, Instant> lastHeard() {
        return Map.copyOf(lastHeard);
    }

    private static ArmEvidence sum(List<Collection<GateCounts>> byRun, Arm arm) {
        Outcomes share = Outcomes.NONE;
        Outcomes other = Outcomes.NONE;
        LatencyHistogram latency = LatencyHistogram.EMPTY;
        Set<Long> errors = new HashSet<>();
        Set<Long> slow = new HashSet<>();
        KeyCells least = KeyCells.NONE;
        long most = 0;
        long fallbacks = 0;
        long overflow = 0;
        for (Collection<GateCounts> run : byRun) {
            KeyCells ofRun = KeyCells.NONE;
            for (GateCounts counts : run) {
                if (counts.arm() == arm) {
                    share = share.plus(counts.share());
                    other = other.plus(counts.other());
                    latency = latency.plus(counts.latency());
                    errors.addAll(counts.firstErrors());
                    slow.addAll(counts.firstSlow());
                    ofRun = ofRun.plus(counts.cells());
                    fallbacks += counts.fallbacks();
                    overflow += counts.overflow();
                }
            }
            least = least.max(ofRun);
            most += ofRun.total();
        }
        return new ArmEvidence(
                least.total(),
                most,
                errors.size(),
                slow.size(),
                share,
                other,
                fallbacks,
                latency,
                overflow);
    }
}
