package dev.sluice.control.catalog;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.ShareTarget;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The whole state at one place of the log: the fold of all events up to there and of nothing else.
 * A change shares all but O(log n) of the old catalog, so each batch, watcher and snapshot can keep
 * its own. Immutable; equal when the states are.
 *
 * @param head the last event folded in
 * @param epoch of that event; 0 for the empty catalog
 * @param structure services, versions and routes as they are declared
 * @param activeRamps by the name of what they drive
 * @param openMigrations by the name of what they move
 * @param retiredGates last revision of each deleted gate, which a new gate of its name goes above
 * @param approvalPolicyMap those that were set
 * @param ringPlanMap one at most
 */
public record Catalog(
        Head head,
        long epoch,
        StructureMaps structure,
        PersistentMap<GateName, GateState> gateMap,
        PersistentMap<GateSetName, GateSet> gateSetMap,
        PersistentMap<RampName, Ramp> rampMap,
        PersistentMap<MigrationName, Migration> migrationMap,
        PersistentMap<NodeName, Node> nodeMap,
        PersistentMap<String, RampName> activeRamps,
        PersistentMap<String, MigrationName> openMigrations,
        PersistentMap<GateName, GateRevision> retiredGates,
        PersistentMap<Risk, ApprovalPolicy> approvalPolicyMap,
        PersistentMap<WindowName, Window> windowMap,
        PersistentMap<SinkName, Sink> sinkMap,
        PersistentMap<CohortName, Cohort> cohortMap,
        PersistentMap<DatabaseName, Database> databaseMap,
        PersistentMap<BaselineName, Baseline> baselineMap,
        PersistentMap<RingPlanName, RingPlan> ringPlanMap,
        PersistentMap<OperationName, Operation> operationMap,
        AnsweredRequests answered)
        implements DeclaredStructure {
    /** Before the first event. */
    public static final Catalog EMPTY =
            new Catalog(
                    Head.EMPTY,
                    0,
                    StructureMaps.EMPTY,
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    AnsweredRequests.NONE);

    /**
     * The state after one more event.
     *
     * @throws IllegalArgumentException when the event does not follow {@link #head()}
     */
    public Catalog apply(LoggedEvent event) {
        if (event.seq() != head.seq() + 1 || !event.previous().equals(head.hash())) {
            throw new IllegalArgumentException(
                    "event " + event.seq() + " (expected the one after " + head + ")");
        }
        return new Fold(this, event).result();
    }

    /** The state after a list of events, in order. */
    public Catalog applyAll(List<LoggedEvent> events) {
        Catalog catalog = this;
        for (LoggedEvent event : events) {
            catalog = catalog.apply(event);
        }
        return catalog;
    }

    /**
     * The same state with other content of some existing gates: what is published before the log
     * has it.
     */
    public Catalog overlaid(List<GateSpec> gates) {
        PersistentMap<GateName, GateState> changed = gateMap;
        for (GateSpec spec : gates) {
            GateName name = spec.content().name();
            Optional<GateState> state = gate(name);
            if (state.isPresent()) {
                changed = changed.with(name, state.get().withSpec(spec));
            }
        }
        return with(structure, changed);
    }

    /** The same state with other structure: what the nodes of a ring are served. */
    public Catalog with(StructureMaps other) {
        return with(other, gateMap);
    }

    private Catalog with(StructureMaps declared, PersistentMap<GateName, GateState> gates) {
        return new Catalog(
                head,
                epoch,
                declared,
                gates,
                gateSetMap,
                rampMap,
                migrationMap,
                nodeMap,
                activeRamps,
                openMigrations,
                retiredGates,
                approvalPolicyMap,
                windowMap,
                sinkMap,
                cohortMap,
                databaseMap,
                baselineMap,
                ringPlanMap,
                operationMap,
                answered);
    }

    /** Sequence of the last event folded in; 0 before the first. */
    public long seq() {
        return head.seq();
    }

    public Optional<GateState> gate(GateName name) {
        return gateMap.get(name);
    }

    public Optional<GateSet> gateSet(GateSetName name) {
        return gateSetMap.get(name);
    }

    public Optional<Ramp> ramp(RampName name) {
        return rampMap.get(name);
    }

    public Optional<Migration> migration(MigrationName name) {
        return migrationMap.get(name);
    }

    public Optional<Node> node(NodeName name) {
        return nodeMap.get(name);
    }

    public Optional<Window> window(WindowName name) {
        return windowMap.get(name);
    }

    public Collection<Window> windows() {
        return windowMap.values();
    }

    public Optional<Sink> sink(SinkName name) {
        return sinkMap.get(name);
    }

    public Collection<Sink> sinks() {
        return sinkMap.values();
    }

    public Optional<Cohort> cohort(CohortName name) {
        return cohortMap.get(name);
    }

    public Collection<Cohort> cohorts() {
        return cohortMap.values();
    }

    public Optional<Database> database(DatabaseName name) {
        return databaseMap.get(name);
    }

    public Collection<Database> databases() {
        return databaseMap.values();
    }

    public Optional<Baseline> baseline(BaselineName name) {
        return baselineMap.get(name);
    }

    public Optional<RingPlan> ringPlan(RingPlanName name) {
        return ringPlanMap.get(name);
    }

    /** The plan that new structure goes by; without one it goes to all nodes at once. */
    public Optional<RingPlan> ringPlan() {
        return ringPlanMap.values().stream().findFirst();
    }

    public Optional<Operation> operation(OperationName name) {
        return operationMap.get(name);
    }

    public Collection<Operation> operations() {
        return operationMap.values();
    }

    /** What migrations of a risk need; one that nobody has set asks nobody. */
    public ApprovalPolicy approvalPolicy(Risk risk) {
        return approvalPolicyMap.get(risk).orElseGet(() -> ApprovalPolicy.unset(risk));
    }

    /** What a migration needs: the policy of its risk, and once begun no less than ever. */
    public ApprovalPolicySpec policyOf(Migration migration) {
        return migration
                .bound()
                .orElseGet(() -> approvalPolicy(migration.spec().product().risk()).spec());
    }

    public Collection<GateState> gates() {
        return gateMap.values();
    }

    public Collection<GateSet> gateSets() {
        return gateSetMap.values();
    }

    public Collection<Ramp> ramps() {
        return rampMap.values();
    }

    public Collection<Migration> migrations() {
        return migrationMap.values();
    }

    public Collection<Node> nodes() {
        return nodeMap.values();
    }

    /** The gates that have one share with the target: a set's, or the gate alone. */
    public List<GateState> gatesOf(ShareTarget target) {
        return switch (target) {
            case ShareTarget.OfGate(GateName gate) -> gate(gate).stream().toList();
            case ShareTarget.OfSet(GateSetName set) ->
                    gateSet(set).stream()
                            .flatMap(found -> found.spec().gates().stream())
                            .flatMap(name -> gate(name).stream())
                            .toList();
        };
    }

    /** The ramp that drives a target now; a member of a set is driven by the set's ramp. */
    public Optional<Ramp> activeRamp(ShareTarget target) {
        return activeRamps.get(target.name()).flatMap(this::ramp);
    }

    /** The migration that moves the keys of a target, if it is not over. */
    public Optional<Migration> openMigration(ShareTarget target) {
        return openMigrations.get(target.name()).flatMap(this::migration);
    }

    /** Migrations that are not over. */
    public List<Migration> openMigrationList() {
        return openMigrations.values().stream().flatMap(name -> migration(name).stream()).toList();
    }

    /** Ramps that drive something now. */
    public List<Ramp> runningRamps() {
        return activeRamps.values().stream().flatMap(name -> ramp(name).stream()).toList();
    }

    /** Any resource by its full name. */
    public Optional<? extends Resource> find(String name) {
        return Names.find(this, name);
    }
}
