package dev.sluice.control.web;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateSet;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.catalog.StaleVersions;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.evidence.ArmEvidence;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateEvidence;
import dev.sluice.control.lifecycle.gate.WriteGuards;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.web.Status.ArmRow;
import dev.sluice.control.web.Status.ChangeRow;
import dev.sluice.control.web.Status.GateRow;
import dev.sluice.control.web.Status.NodeRow;
import dev.sluice.control.web.Status.RampRow;
import dev.sluice.control.web.Status.RingRow;
import dev.sluice.control.web.Status.SetRow;
import dev.sluice.control.web.Status.VerdictRow;
import dev.sluice.control.web.Status.VersionRow;
import dev.sluice.control.web.Status.WritesRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the present status. Thread-safe. */
final class StatusReader {
    private static final Comparator<Ramp> AT_WORK_THEN_NEWEST =
            Comparator.comparing((Ramp ramp) -> !ramp.state().isActive())
                    .thenComparing(ramp -> ramp.meta().updateTime(), Comparator.reverseOrder());

    private final Supplier<Catalog> catalogs;
    private final BooleanSupplier logDamaged;
    private final Supplier<Standing> standing;
    private final EvidenceTotals evidence;
    private final NodeStates nodeStates;
    private final Function<RampName, Optional<Verdict>> verdicts;
    private final Function<Ramp, Optional<String>> waits;
    private final MigrationRows migrations;
    private final InstantSource clock;

    StatusReader(StatusPage.Parts parts) {
        this.catalogs = parts.catalogs();
        this.logDamaged = parts.logDamaged();
        this.standing = parts.standing();
        this.evidence = parts.evidence();
        this.nodeStates = parts.nodeStates();
        this.verdicts = parts.verdicts();
        this.waits = parts.waits();
        this.migrations = new MigrationRows(parts.blockers());
        this.clock = parts.clock();
    }

    Standing standing() {
        return standing.get();
    }

    Status read() {
        Catalog catalog = catalogs.get();
        Map<GateName, List<NodeState.GateReport>> live =
                nodeStates.nodes().stream()
                        .filter(state ->
                                catalog.node(state.name()).filter(Node::isLive).isPresent())
                        .flatMap(state -> state.gates().stream())
                        .collect(Collectors.groupingBy(NodeState.GateReport::gate));
        return new Status(
                clock.instant(),
                catalog.seq(),
                logDamaged.getAsBoolean(),
                standing().leads(),
                migrations.of(catalog),
                catalog.gates().stream()
                        .map(gate -> gate(gate, live.getOrDefault(gate.name(), List.of())))
                        .toList(),
                catalog.gateSets().stream().map(set -> set(set, catalog)).toList(),
                catalog.ramps().stream().sorted(AT_WORK_THEN_NEWEST).map(this::ramp).toList(),
                catalog.nodes().stream().map(this::node).toList(),
                catalog.ringPlan().map(StatusReader::rings).orElse(List.of()),
                versions(catalog));
    }

    private List<VersionRow> versions(Catalog catalog) {
        Instant now = clock.instant();
        return catalog.versions().stream()
                .filter(version -> version.spec().expires().isPresent())
                .map(version ->
                        new VersionRow(
                                version.name().name(),
                                version.spec().expires().orElseThrow(),
                                StaleVersions.isExpired(version, now)
                                        ? StaleVersions.users(catalog, version.name())
                                        : List.of()))
                .toList();
    }

    private static List<RingRow> rings(RingPlan plan) {
        Rollout rollout = plan.rollout();
        List<String> troubles =
                rollout.troubles().stream()
                        .map(trouble -> trouble.node() + ": " + trouble.what())
                        .toList();
        return IntStream.range(0, rollout.rings().size())
                .mapToObj(ring ->
                        new RingRow(
                                plan.ringId(ring),
                                rollout.rings().get(ring).revision(),
                                rollout.rings().get(ring).behind().isPresent(),
                                rollout.state().name(),
                                ring == rollout.ring() ? troubles : List.of()))
                .toList();
    }

    private GateRow gate(GateState state, List<NodeState.GateReport> reports) {
        Gate gate = state.content();
        GateEvidence seen = evidence.of(state.name(), state.revision());
        long applied =
                reports.stream().filter(report -> report.hasApplied(state.revision())).count();
        return new GateRow(
                state.name().name(),
                gate.gateSet().map(GateSetName::name).orElse(""),
                gate.share().value(),
                gate.from().name(),
                gate.to().name(),
                state.revision().toString(),
                gate.kill().map(Gate.Kill::reason).orElse(""),
                state.openTrips().stream().map(TripReport::id).toList(),
                state.openLocalKills().stream()
                        .map(kill -> kill.node().nodeId() + ": " + kill.reason())
                        .toList(),
                reports.size(),
                (int) applied,
                writes(state, reports),
                change(state),
                arm(gate.legacyCluster(), seen.legacy()),
                arm(gate.newCluster(), seen.fresh()));
    }

    private static WritesRow writes(GateState state, List<NodeState.GateReport> reports) {
        return new WritesRow(
                WriteGuards.onItsWay(state).orElse(""),
                state.content()
                        .writeHold()
                        .map(hold -> hold.toBucket() - hold.fromBucket())
                        .orElse(0),
                reports.stream().mapToLong(NodeState.GateReport::writesUnderWay).sum());
    }

    private static ChangeRow change(GateState state) {
        GateRevisionEntry entry = state.presentEntry();
        return new ChangeRow(
                entry.action().name(), entry.actor().name(), entry.reason(), entry.time());
    }

    private static ArmRow arm(String version, ArmEvidence seen) {
        return new ArmRow(
                version,
                seen.share().requests() + seen.other().requests(),
                seen.share().errors(false) + seen.other().errors(false),
                seen.keysAtLeast(),
                seen.errorKeys(),
                seen.latency().quantileMicros(0.5),
                seen.latency().quantileMicros(0.99));
    }

    private static SetRow set(GateSet set, Catalog catalog) {
        int sharePpm =
                GateState.share(catalog.gatesOf(new ShareTarget.OfSet(set.name())))
                        .map(PartsPerMillion::value)
                        .orElse(0);
        return new SetRow(
                set.name().name(),
                sharePpm,
                set.spec().gates().stream().map(GateName::name).toList());
    }

    private RampRow ramp(Ramp ramp) {
        return new RampRow(
                ramp.name().name(),
                ramp.spec().target().name(),
                ramp.state().name(),
                ramp.step(),
                ramp.spec().steps().stream().map(step -> step.share().value()).toList(),
                ramp.history().stream().map(StatusReader::verdict).toList(),
                waits.apply(ramp).orElse(ramp.message()),
                verdicts.apply(ramp.name())
                        .or(ramp::verdict)
                        .map(StatusReader::verdict)
                        .orElse(VerdictRow.NONE));
    }

    private static VerdictRow verdict(Verdict verdict) {
        return new VerdictRow(
                verdict.outcome().name(),
                verdict.explanation(),
                verdict.errorEValue(),
                verdict.slowEValue(),
                verdict.differenceUpperBound(),
                verdict.margin());
    }

    private NodeRow node(Node node) {
        Optional<NodeState> state = nodeStates.node(node.name());
        return new NodeRow(
                node.name().name(),
                node.spec().kind().name(),
                node.presence().name(),
                node.spec().version().map(VersionName::name).orElse(""),
                node.spec().userAgent(),
                state.map(NodeState::lastSeen).orElse(node.meta().updateTime()),
                state.map(known -> known.gates().size()).orElse(0),
                state.map(NodeState::refusals).orElse(List.of()));
    }
}
