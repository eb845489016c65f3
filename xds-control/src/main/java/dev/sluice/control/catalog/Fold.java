package dev.sluice.control.catalog;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.ServiceSpec;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One step of the fold: a catalog and the event that comes next. It decides nothing; an event that
 * names what does not exist changes nothing. Owned by the one call of {@link Catalog#apply}.
 */
final class Fold {
    private final Catalog base;
    private final LoggedEvent by;
    private PersistentMap<ServiceName, Service> services;
    private PersistentMap<VersionName, Version> versions;
    private PersistentMap<RouteName, Route> routes;
    private PersistentMap<GateName, GateState> gates;
    private PersistentMap<GateSetName, GateSet> gateSets;
    private RampMaps ramps;
    private MigrationMaps migrations;
    private PersistentMap<NodeName, Node> nodes;
    private PersistentMap<GateName, GateRevision> retiredGates;
    private PersistentMap<VersionName, Gone> goneVersions;
    private PersistentMap<Risk, ApprovalPolicy> approvalPolicies;
    private PersistentMap<WindowName, Window> windows;
    private PersistentMap<SinkName, Sink> sinks;
    private PersistentMap<CohortName, Cohort> cohorts;
    private PersistentMap<DatabaseName, Database> databases;
    private PersistentMap<BaselineName, Baseline> baselines;
    private PersistentMap<RingPlanName, RingPlan> ringPlans;
    private PersistentMap<OperationName, Operation> operations;

    Fold(Catalog base, LoggedEvent by) {
        this.base = base;
        this.by = by;
        this.services = base.serviceMap();
        this.versions = base.versionMap();
        this.routes = base.routeMap();
        this.gates = base.gateMap();
        this.gateSets = base.gateSetMap();
        this.ramps = new RampMaps(base.rampMap(), base.activeRamps());
        this.migrations = new MigrationMaps(base.migrationMap(), base.openMigrations());
        this.nodes = base.nodeMap();
        this.retiredGates = base.retiredGates();
        this.goneVersions = base.goneVersions();
        this.approvalPolicies = base.approvalPolicyMap();
        this.windows = base.windowMap();
        this.sinks = base.sinkMap();
        this.cohorts = base.cohortMap();
        this.databases = base.databaseMap();
        this.baselines = base.baselineMap();
        this.ringPlans = base.ringPlanMap();
        this.operations = base.operationMap();
    }

    Catalog result() {
        fold(by.event());
        Catalog next = catalog(base.answered());
        return catalog(base.answered().noting(by, next.find(by.stamp().subject())));
    }

    private Catalog catalog(AnsweredRequests answered) {
        return new Catalog(
                new Head(by.seq(), by.hash()),
                by.epoch(),
                new StructureMaps(services, versions, routes, goneVersions),
                gates,
                gateSets,
                ramps.all(),
                migrations.all(),
                nodes,
                ramps.active(),
                migrations.open(),
                retiredGates,
                approvalPolicies,
                windows,
                sinks,
                cohorts,
                databases,
                baselines,
                ringPlans,
                operations,
                answered);
    }

    private void fold(Event event) {
        switch (event) {
            case Event.ServicePut(var spec) -> {
                services.get(spec.name()).ifPresent(old -> loseCalls(old.spec(), spec));
                services =
                        services.with(spec.name(), new Service(spec, meta(services, spec.name())));
            }
            case Event.ServiceDeleted(var name) -> services = services.without(name);
            case Event.VersionPut put -> versions = VersionFold.put(versions, put.version(), by);
            case Event.VersionExpired told -> versions = VersionFold.told(versions, told);
            case Event.VersionDeleted(var name) -> {
                versions.get(name).ifPresent(old -> lose(old, callers(name.service())));
                versions = versions.without(name);
            }
            case Event.RoutePut(var spec) ->
                    routes = routes.with(spec.name(), new Route(spec, meta(routes, spec.name())));
            case Event.RouteDeleted(var name) -> routes = routes.without(name);
            case GatesRevised revised -> revised.gates().forEach(gate -> revise(gate, revised));
            case Event.GateDeleted(var name) -> retire(name);
            case Event.GateSetPut(var spec) ->
                    gateSets =
                            gateSets.with(
                                    spec.name(), new GateSet(spec, meta(gateSets, spec.name())));
            case Event.GateSetDeleted(var name) -> gateSets = gateSets.without(name);
            case Event.KillPublished _ -> {} // for the audit: the kill itself is a revision
            case Event.TripRecorded(var trip) -> change(trip.gate(), gate -> gate.with(trip));
            case Event.LocalKillRecorded(var kill) -> change(kill.gate(), gate -> gate.with(kill));
            case Event.RampStarted(var spec) -> ramps = ramps.started(spec, by);
            case Event.RampStepped stepped -> ramps = ramps.stepped(stepped, by);
            case Event.RampStepApplied(var name, int _) -> ramps = ramps.applied(name, by);
            case Event.RampJudged judged -> ramps = ramps.judged(judged, by);
            case Event.RampMoved moved -> ramps = ramps.moved(moved, by);
            case Event.NodeRegistered(var spec) ->
                    nodes =
                            nodes.with(
                                    spec.name(),
                                    new Node(
                                            spec,
                                            Node.Presence.CONNECTED,
                                            meta(nodes, spec.name())));
            case Event.NodeLost(var name) -> see(name, Node.Presence.LOST);
            case Event.NodeLeft(var name) -> see(name, Node.Presence.LEFT);
            case Event.NodeForgotten(var name) -> nodes = nodes.without(name);
            case Event.MigrationPut(var spec) -> {
                migrations = migrations.planned(spec, by);
                migrate(spec.name(), this::bound);
            }
            case Event.MigrationDeleted(var name) -> migrations = migrations.without(name);
            case Event.MigrationMoved(var name, var phase, var progress, var ramp, var why) ->
                    migrate(name, found -> bound(found.moved(phase, progress, ramp, why, by)));
            case Event.MigrationReported(var name, var report) ->
                    migrate(name, found -> found.reported(report, by));
            case Event.MigrationPaused(var name) ->
                    migrate(name, found -> found.inState(Migration.State.PAUSED, "held", by));
            case Event.MigrationResumed(var name) ->
                    migrate(name, found -> found.inState(Migration.State.ACTIVE, "goes on", by));
            case Event.MigrationAbandoned(var name, var why) ->
                    migrate(name, found -> found.inState(Migration.State.ABANDONED, why, by));
            case Event.MigrationAnswered(var name, _, var answer, var groups) ->
                    migrate(name, found -> found.answered(answer, groups, by));
            case Event.MigrationAnswerWithdrawn(var name) ->
                    migrate(name, found -> found.answerWithdrawn(by));
            case Event.MigrationGlassBroken(var name, var overridden) ->
                    migrate(name, found -> found.glassBroken(overridden, by));
            case Event.MigrationEscalated(var name, var why) ->
                    migrate(name, found -> found.escalated(why, by));
            case Event.MigrationGlassReviewed(var name, long seq) ->
                    migrate(name, found -> found.glassReviewed(seq, by));
            case Event.WindowPut(var spec) ->
                    windows =
                            windows.with(spec.name(), new Window(spec, meta(windows, spec.name())));
            case Event.WindowDeleted(var name) -> windows = windows.without(name);
            case Event.ApprovalPolicyPut(var spec) -> {
                approvalPolicies =
                        approvalPolicies.with(
                                spec.risk(),
                                new ApprovalPolicy(spec, meta(approvalPolicies, spec.risk())));
                migrations = migrations.bound(spec);
            }
            case Event.CohortPut(var spec) ->
                    cohorts =
                            cohorts.with(spec.name(), new Cohort(spec, meta(cohorts, spec.name())));
            case Event.CohortDeleted(var name) -> cohorts = cohorts.without(name);
            case Event.DatabasePut(var spec) ->
                    databases =
                            databases.with(
                                    spec.name(), new Database(spec, meta(databases, spec.name())));
            case Event.DatabaseDeleted(var name) -> databases = databases.without(name);
            case Event.BaselineRecorded put -> baselines = Baseline.recorded(baselines, put, by);
            case Event.BaselineDeleted(var name) -> baselines = baselines.without(name);
            case Event.OfRings rings ->
                    ringPlans = new RingFold(ringPlans, base.structure(), by).after(rings);
            case Event.OfOperation operation ->
                    operations = new OperationFold(operations, by).after(operation);
            case Event.SinkPut put -> sinks = SinkFold.put(sinks, put.sink(), by);
            case Event.SinkDeleted(var name) -> sinks = sinks.without(name);
            case Event.SinkAdvanced done -> sinks = SinkFold.advanced(sinks, done);
            case Event.SinkDropped dropped -> sinks = SinkFold.dropped(sinks, dropped);
        }
    }

    private void revise(GateSpec spec, GatesRevised revised) {
        GateName name = spec.content().name();
        gates =
                gates.with(
                        name,
                        GateFold.revised(
                                gates.get(name),
                                spec,
                                GateRevisionEntry.of(spec, revised.action(), by),
                                meta(gates, name)));
        spec.content().gateSet().ifPresent(this::touch);
    }

    /** A service that no longer calls another, or is no longer called through Sluice. */
    private void loseCalls(ServiceSpec old, ServiceSpec now) {
        boolean isHidden = old.outbound().isPresent() && now.outbound().isEmpty();
        for (Version version : versions.values()) {
            ServiceName service = version.name().service();
            if (isHidden && service.equals(old.name())) {
                lose(version, callers(service));
            } else if (old.calls().contains(service) && !now.calls().contains(service)) {
                lose(version, Set.of(old.name()));
            }
        }
    }

    private void lose(Version version, Set<ServiceName> callers) {
        Gone gone = new Gone(version.spec(), by.seq(), by.stamp().time(), callers);
        goneVersions = new GoneVersions(goneVersions).with(gone).byName();
    }

    private Set<ServiceName> callers(ServiceName called) {
        return services.values().stream()
                .filter(service -> service.spec().calls().contains(called))
                .map(Service::name)
                .collect(Collectors.toSet());
    }

    private void retire(GateName name) {
        retiredGates =
                gates.get(name)
                        .map(gate -> retiredGates.with(name, gate.revision()))
                        .orElse(retiredGates);
        gates = gates.without(name);
    }

    private void touch(GateSetName name) {
        gateSets =
                gateSets.get(name)
                        .map(set -> gateSets.with(name, new GateSet(set.spec(), changed(set))))
                        .orElse(gateSets);
    }

    private void change(GateName name, UnaryOperator<GateState> change) {
        gates = gates.get(name).map(gate -> gates.with(name, change.apply(gate))).orElse(gates);
    }

    private void migrate(MigrationName name, UnaryOperator<Migration> change) {
        migrations = migrations.changed(name, change);
    }

    /** By the policy of its present risk. */
    private Migration bound(Migration migration) {
        Risk risk = migration.spec().product().risk();
        return migration.boundBy(
                approvalPolicies
                        .get(risk)
                        .map(ApprovalPolicy::spec)
                        .orElseGet(() -> ApprovalPolicySpec.none(risk)));
    }

    private void see(NodeName name, Node.Presence presence) {
        nodes =
                nodes.get(name)
                        .map(node ->
                                nodes.with(name, new Node(node.spec(), presence, changed(node))))
                        .orElse(nodes);
    }

    private Meta changed(Resource resource) {
        return resource.meta().changed(by);
    }

    private <K extends Comparable<K>, V extends Resource> Meta meta(
            PersistentMap<K, V> map, K name) {
        return map.get(name).map(this::changed).orElseGet(() -> Meta.created(by));
    }
}
