package dev.sluice.control.lifecycle;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.CohortRules;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.GateRules;
import dev.sluice.control.lifecycle.gate.GateSetRules;
import dev.sluice.control.lifecycle.gate.IsolationRules;
import dev.sluice.control.lifecycle.gate.NodeRules;
import dev.sluice.control.lifecycle.gate.ObeyedKills;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.control.lifecycle.gate.WriteRules;
import dev.sluice.control.lifecycle.migration.ApprovalRules;
import dev.sluice.control.lifecycle.migration.DatabaseRules;
import dev.sluice.control.lifecycle.migration.EscalationRules;
import dev.sluice.control.lifecycle.migration.MigrationRules;
import dev.sluice.control.lifecycle.ramp.BaselineRules;
import dev.sluice.control.lifecycle.ramp.RampPlans;
import dev.sluice.control.lifecycle.ramp.RampRules;
import dev.sluice.control.lifecycle.ring.RingRules;
import dev.sluice.control.lifecycle.structure.Revisions;
import dev.sluice.control.lifecycle.structure.RouteRules;
import dev.sluice.control.lifecycle.structure.ServiceRules;
import dev.sluice.control.lifecycle.structure.VersionRules;
import dev.sluice.control.lifecycle.window.WindowRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command does to a state: the rules of the product, each in the file of its resource. Pure:
 * the same command on the same catalog decides the same, so that a decision can be made ahead, made
 * again and replayed. Immutable.
 *
 * @param epoch that new gate revisions bear, 1..
 */
public record Lifecycle(long epoch) {
    /** Epoch where no revision is made. */
    private static final long NO_REVISION = 1;

    /**
     * The events of a command, or every reason against it.
     *
     * @param fleet what the nodes have told of themselves
     */
    public Decision decide(
            Catalog catalog, FleetReport fleet, Command command, CommandContext context) {
        return switch (decided(catalog, fleet, command, context)) {
            case Decision.Change(var events) ->
                    new Decision.Change(Revisions.announced(catalog, events));
            case Decision.Refused refused -> refused;
        };
    }

    private Decision decided(
            Catalog catalog, FleetReport fleet, Command command, CommandContext context) {
        ServiceRules services = new ServiceRules(catalog, context);
        VersionRules versions = new VersionRules(catalog, context);
        RouteRules routes = new RouteRules(catalog, context);
        GateRules gates = new GateRules(catalog, fleet, context, epoch);
        GateSetRules sets = new GateSetRules(catalog, fleet, context, epoch);
        ShareRules shares = new ShareRules(catalog, fleet, context, epoch);
        RampRules ramps = new RampRules(catalog, context, shares);
        NodeRules nodes = new NodeRules(catalog, context);
        MigrationRules migrations = migrationRules(catalog, fleet, context);
        WindowRules windows = new WindowRules(catalog, context);
        SinkRules sinks = new SinkRules(catalog, context);
        BaselineRules baselines = new BaselineRules(catalog, fleet, context);
        DatabaseRules databases = new DatabaseRules(catalog, context);
        CohortRules cohorts = new CohortRules(catalog, fleet, context, epoch);
        IsolationRules isolations = new IsolationRules(catalog, fleet, context, epoch);
        return switch (command) {
            case Command.CreateService(var spec) -> services.create(spec);
            case Command.UpdateService(var spec) -> services.update(spec);
            case Command.DeleteService(var name) -> services.delete(name);
            case Command.CreateVersion(var spec) -> versions.create(spec);
            case Command.UpdateVersion(var spec) -> versions.update(spec);
            case Command.DeleteVersion(var name) -> versions.delete(name);
            case Command.TellExpiry(var name) -> versions.tellExpiry(name);
            case Command.CreateRoute(var spec) -> routes.create(spec);
            case Command.UpdateRoute(var spec) -> routes.update(spec);
            case Command.DeleteRoute(var name) -> routes.delete(name);
            case Command.CreateGate(var spec) -> gates.create(spec);
            case Command.UpdateGate(var spec, var backMoves) -> gates.update(spec, backMoves);
            case Command.DeleteGate(var name) -> gates.delete(name);
            case Command.RestoreRevision(var name, var revision, var backMoves) ->
                    gates.restore(name, revision, backMoves);
            case Command.IsolateGate(var name, var rule) -> isolations.isolate(name, rule);
            case Command.ReleaseGate(var name, var rule) -> isolations.release(name, rule);
            case Command.SetShare(var target, var share) -> shares.set(target, share);
            case Command.Rollback(var target) -> shares.rollback(target);
            case Command.OfKill kill -> decideKill(catalog, kill, context, Map.of());
            case Command.Resume(var target, var trips) -> shares.resume(target, trips);
            case Command.MoveWrites(var target) -> new WriteRules(catalog, shares).settle(target);
            case Command.CreateGateSet(var spec) -> sets.create(spec);
            case Command.UpdateGateSet(var spec) -> sets.update(spec);
            case Command.DeleteGateSet(var name) -> sets.delete(name);
            case Command.CreateRamp(var spec) -> new RampPlans(catalog, shares).create(spec);
            case Command.PauseRamp(var name) -> ramps.pause(name);
            case Command.ResumeRamp(var name) -> ramps.resume(name);
            case Command.AdvanceRamp(var name) -> ramps.advance(name);
            case Command.AbortRamp(var name) -> ramps.abort(name);
            case Command.StepRamp(var name, int from) -> ramps.step(name, from);
            case Command.ConfirmStep(var name, int step) -> ramps.confirm(name, step);
            case Command.RecordVerdict(var name, var verdict) -> ramps.judge(name, verdict);
            case Command.HoldRamp(var name, int step, var why) -> ramps.hold(name, step, why);
            case Command.TakeBackRamp(var name, var why) -> ramps.takeBack(name, why);
            case Command.CreateWindow(var spec) -> windows.create(spec);
            case Command.UpdateWindow(var spec) -> windows.update(spec);
            case Command.DeleteWindow(var name) -> windows.delete(name);
            case Command.CreateCohort(var spec) -> cohorts.create(spec);
            case Command.UpdateCohort(var spec, var backMoves) -> cohorts.update(spec, backMoves);
            case Command.DeleteCohort(var name) -> cohorts.delete(name);
            case Command.RecordBaseline(var spec, var recording) ->
                    baselines.record(spec, recording);
            case Command.DeleteBaseline(var name) -> baselines.delete(name);
            case Command.CreateDatabase(var spec) -> databases.create(spec);
            case Command.UpdateDatabase(var spec) -> databases.update(spec);
            case Command.DeleteDatabase(var name) -> databases.delete(name);
            case Command.CreateSink(var spec) -> sinks.create(spec);
            case Command.UpdateSink(var spec) -> sinks.update(spec);
            case Command.DeleteSink(var name) -> sinks.delete(name);
            case Command.AdvanceSink(var name, long through) -> sinks.advance(name, through);
            case Command.DropFromSink(var name, long seq, var why) -> sinks.drop(name, seq, why);
            case Command.PutApprovalPolicy(var spec) ->
                    new ApprovalRules(catalog, context).put(spec);
            case Command.OfMigration migration -> migrations.decide(migration);
            case Command.OfOperation(var order) ->
                    new OperationRules(catalog, context, shares).decide(order);
            case Command.OfRings rings -> new RingRules(catalog, fleet, context).decide(rings);
            case Command.RecordTrip(var trip) -> nodes.trip(trip);
            case Command.RecordLocalKill(var kill) -> nodes.localKill(kill);
            case Command.RegisterNode(var node) -> nodes.register(node);
            case Command.NodeLost(var name) -> nodes.lost(name);
            case Command.NodeLeft(var name) -> nodes.left(name);
            case Command.ForgetNode(var name) -> nodes.forget(name);
        };
    }

    /**
     * As {@link #decide} for a kill, which no fact about nodes holds up.
     *
     * @param published what sidecars have of it already; it is decided as that, and where the log
     *     has moved on, above
     */
    public Decision decideKill(
            Catalog catalog,
            Command.OfKill kill,
            CommandContext context,
            Map<GateName, GateSpec> published) {
        ShareRules shares = new ShareRules(catalog, FleetReport.SILENT, context, epoch);
        return switch (kill) {
            case Command.Kill(var target) -> shares.kill(target, published);
            case Command.KeepKill(var obeyed) ->
                    new ObeyedKills(catalog, shares, epoch).keep(obeyed, published);
        };
    }

    /** Everything that stands against the next phase of a migration; empty when nothing does. */
    public static List<Refusal> blockers(
            Catalog catalog, FleetReport fleet, Migration migration, CommandContext context) {
        return MigrationRules.all(
                        catalog, context, new ShareRules(catalog, fleet, context, NO_REVISION))
                .blockers(migration);
    }

    /** Everything that stands against the next step of a ramp; empty when nothing does. */
    public static List<Refusal> blockers(
            Catalog catalog, FleetReport fleet, Ramp ramp, CommandContext context) {
        ShareRules shares = new ShareRules(catalog, fleet, context, NO_REVISION);
        return new RampRules(catalog, context, shares).blockers(ramp);
    }

    /** What comes next of the writes of a target that are on their way, if it can come now. */
    public static Optional<WriteRules.Next> nextOfWrites(
            Catalog catalog, FleetReport fleet, ShareTarget target, CommandContext context) {
        ShareRules shares = new ShareRules(catalog, fleet, context, NO_REVISION);
        return new WriteRules(catalog, shares).next(target);
    }

    /** Whether a migration has waited for people for longer than its policy lets it. */
    public static boolean isEscalationDue(
            Catalog catalog, FleetReport fleet, Migration migration, CommandContext context) {
        ShareRules shares = new ShareRules(catalog, fleet, context, NO_REVISION);
        return new EscalationRules(migration, shares).due().isPresent();
    }

    private MigrationRules migrationRules(
            Catalog catalog, FleetReport fleet, CommandContext context) {
        return MigrationRules.all(catalog, context, new ShareRules(catalog, fleet, context, epoch));
    }

    /** What moves together with a target: the set of a gate that belongs to one, else itself. */
    public ShareTarget whole(Catalog catalog, ShareTarget target) {
        return ShareRules.whole(catalog, target);
    }

    /** Full name of the resource that a command names. */
    public static String subject(Command command) {
        return switch (command) {
            case Command.CreateService(var spec) -> spec.name().name();
            case Command.UpdateService(var spec) -> spec.name().name();
            case Command.DeleteService(var name) -> name.name();
            case Command.CreateVersion(var spec) -> spec.name().name();
            case Command.UpdateVersion(var spec) -> spec.name().name();
            case Command.DeleteVersion(var name) -> name.name();
            case Command.TellExpiry(var name) -> name.name();
            case Command.CreateRoute(var spec) -> spec.name().name();
            case Command.UpdateRoute(var spec) -> spec.name().name();
            case Command.DeleteRoute(var name) -> name.name();
            case Command.CreateGate(var spec) -> spec.content().name().name();
            case Command.UpdateGate(var spec, _) -> spec.content().name().name();
            case Command.DeleteGate(var name) -> name.name();
            case Command.RestoreRevision(var name, _, _) -> name.name();
            case Command.IsolateGate(var name, _) -> name.name();
            case Command.ReleaseGate(var name, _) -> name.name();
            case Command.SetShare(var target, _) -> target.name();
            case Command.Rollback(var target) -> target.name();
            case Command.OfKill kill -> kill.target().name();
            case Command.Resume(var target, _) -> target.name();
            case Command.MoveWrites(var target) -> target.name();
            case Command.CreateGateSet(var spec) -> spec.name().name();
            case Command.UpdateGateSet(var spec) -> spec.name().name();
            case Command.DeleteGateSet(var name) -> name.name();
            case Command.CreateRamp(var spec) -> spec.name().name();
            case Command.PauseRamp(var name) -> name.name();
            case Command.ResumeRamp(var name) -> name.name();
            case Command.AdvanceRamp(var name) -> name.name();
            case Command.AbortRamp(var name) -> name.name();
            case Command.StepRamp(var name, _) -> name.name();
            case Command.ConfirmStep(var name, _) -> name.name();
            case Command.RecordVerdict(var name, _) -> name.name();
            case Command.HoldRamp(var name, _, _) -> name.name();
            case Command.TakeBackRamp(var name, _) -> name.name();
            case Command.CreateWindow(var spec) -> spec.name().name();
            case Command.UpdateWindow(var spec) -> spec.name().name();
            case Command.DeleteWindow(var name) -> name.name();
            case Command.CreateCohort(var spec) -> spec.name().name();
            case Command.UpdateCohort(var spec, _) -> spec.name().name();
            case Command.DeleteCohort(var name) -> name.name();
            case Command.RecordBaseline(var spec, _) -> spec.name().name();
            case Command.DeleteBaseline(var name) -> name.name();
            case Command.CreateDatabase(var spec) -> spec.name().name();
            case Command.UpdateDatabase(var spec) -> spec.name().name();
            case Command.DeleteDatabase(var name) -> name.name();
            case Command.CreateSink(var spec) -> spec.name().name();
            case Command.UpdateSink(var spec) -> spec.name().name();
            case Command.DeleteSink(var name) -> name.name();
            case Command.AdvanceSink(var name, _) -> name.name();
            case Command.DropFromSink(var name, _, _) -> name.name();
            case Command.PutApprovalPolicy(var spec) -> spec.name();
            case Command.OfMigration migration -> migration.name().name();
            case Command.OfOperation(var order) -> order.name().name();
            case Command.OfRings rings -> rings.name().name();
            case Command.RecordTrip(var trip) -> trip.gate().name();
            case Command.RecordLocalKill(var kill) -> kill.gate().name();
            case Command.RegisterNode(var node) -> node.name().name();
            case Command.NodeLost(var name) -> name.name();
            case Command.NodeLeft(var name) -> name.name();
            case Command.ForgetNode(var name) -> name.name();
        };
    }
}
