package dev.sluice.control.change;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Rule;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.WindowSpec;
import java.util.List;
import java.util.Set;

/**
 * A wish to change the state; {@code governance} and {@code lifecycle} say whether it is right.
 * Updates carry the whole resource; who merges a mask guards it with the etag it read. Immutable.
 */
public sealed interface Command {
    record CreateService(ServiceSpec service) implements Command {}

    record UpdateService(ServiceSpec service) implements Command {}

    record DeleteService(ServiceName name) implements Command {}

    record CreateVersion(VersionSpec version) implements Command {}

    record UpdateVersion(VersionSpec version) implements Command {}

    record DeleteVersion(VersionName name) implements Command {}

    /** A version is in use past its end. */
    record TellExpiry(VersionName name) implements Command {}

    record CreateRoute(RouteSpec route) implements Command {}

    record UpdateRoute(RouteSpec route) implements Command {}

    record DeleteRoute(RouteName name) implements Command {}

    /** The revision, set, kill and acknowledged trips in the content are not read. */
    record CreateGate(GateSpec gate) implements Command {}

    /** As {@link CreateGate}; the etag is required where share, rules or bucketing change. */
    record UpdateGate(GateSpec gate, BackMoves backMoves) implements Command {}

    record DeleteGate(GateName name) implements Command {}

    /** Changes a share and nothing else; the etag is required. */
    record SetShare(ShareTarget target, PartsPerMillion share) implements Command {}

    /** Share to 0, any ramp stopped; needs no etag. */
    record Rollback(ShareTarget target) implements Command {}

    /** Every key back at once, latched until {@link Resume}; out before it is recorded. */
    sealed interface OfKill extends Command {
        ShareTarget target();
    }

    /** Somebody's order; needs no etag. */
    record Kill(ShareTarget target) implements OfKill {}

    /** A sidecar obeys a kill that the log does not have: it is kept, above what is out of it. */
    record KeepKill(ObeyedKill obeyed) implements OfKill {
        @Override
        public ShareTarget target() {
            return new ShareTarget.OfGate(obeyed.gate());
        }
    }

    /** Ends a kill, and acknowledges trips and kills of sidecars by their ids. */
    record Resume(ShareTarget target, List<String> acknowledgedTrips) implements Command {
        public Resume {
            acknowledgedTrips = List.copyOf(acknowledgedTrips);
        }
    }

    /**
     * The orchestrator takes writes on that are to change sides between two stores: whatever comes
     * next of them, by then.
     */
    record MoveWrites(ShareTarget target) implements Command {}

    /** Keeps what a rule says on LEGACY, in front of all other rules; needs no etag. */
    record IsolateGate(GateName name, Rule rule) implements Command {}

    /** Takes the isolation of that name away; needs no etag. */
    record ReleaseGate(GateName name, String rule) implements Command {}

    /** Makes the content of an old revision current, as a new one; the etag is required. */
    record RestoreRevision(GateName name, GateRevision revision, BackMoves backMoves)
            implements Command {}

    record CreateGateSet(GateSetSpec set) implements Command {}

    record UpdateGateSet(GateSetSpec set) implements Command {}

    record DeleteGateSet(GateSetName name) implements Command {}

    /** Creates a ramp and puts its first step in force. */
    record CreateRamp(RampSpec ramp) implements Command {}

    record PauseRamp(RampName name) implements Command {}

    record ResumeRamp(RampName name) implements Command {}

    /** A person's order to go on to the next step, or to succeed from the last; needs the etag. */
    record AdvanceRamp(RampName name) implements Command {}

    /** Takes the share back to 0 and ends the ramp. */
    record AbortRamp(RampName name) implements Command {}

    /** The orchestrator goes on from {@code from} to the next step, or succeeds from the last. */
    record StepRamp(RampName name, int from) implements Command {}

    /** The orchestrator saw the step in force applied by every live node. */
    record ConfirmStep(RampName name, int step) implements Command {}

    /** The orchestrator records a verdict; DEGRADED takes the ramp back in the same change. */
    record RecordVerdict(RampName name, Verdict verdict) implements Command {}

    /** The orchestrator asks a person to decide. */
    record HoldRamp(RampName name, int step, String message) implements Command {}

    /** The orchestrator takes a ramp back since a sidecar of its target tripped. */
    record TakeBackRamp(RampName name, String message) implements Command {}

    /** A sidecar reported a trip. */
    record RecordTrip(TripReport trip) implements Command {}

    /** A sidecar reported a kill given at its own admin endpoint. */
    record RecordLocalKill(LocalKillReport kill) implements Command {}

    /** A node connected, for the first time or again, or says something new of itself. */
    record RegisterNode(NodeSpec node) implements Command {}

    /** The streams of a node broke without a goodbye. */
    record NodeLost(NodeName name) implements Command {}

    /** A node said goodbye. */
    record NodeLeft(NodeName name) implements Command {}

    /** A person vouches that a silent node is gone for good. */
    record ForgetNode(NodeName name) implements Command {}

    /** What is asked of migrations. */
    sealed interface OfMigration extends Command {
        MigrationName name();
    }

    record CreateMigration(MigrationSpec spec) implements OfMigration {
        @Override
        public MigrationName name() {
            return spec.name();
        }
    }

    /** What decides how it walks can be changed only before it begins; the etag is required. */
    record UpdateMigration(MigrationSpec spec) implements OfMigration {
        @Override
        public MigrationName name() {
            return spec.name();
        }
    }

    record DeleteMigration(MigrationName name) implements OfMigration {}

    /** Begins, or goes on to the next phase; the etag is required. */
    record AdvanceMigration(MigrationName name) implements OfMigration {}

    /** Goes back to where the phase says; needs a reason and no etag. */
    record RollbackMigration(MigrationName name) implements OfMigration {}

    record PauseMigration(MigrationName name) implements OfMigration {}

    record ResumeMigration(MigrationName name) implements OfMigration {}

    /** A job says how a step ended that the present phase awaits. */
    record ReportMigration(MigrationName name, MigrationReport report) implements OfMigration {}

    /** An approver of these groups, as the control plane knows, answers the plan that it saw. */
    record AnswerMigration(MigrationName name, Digest plan, Answer answer, Set<String> groups)
            implements OfMigration {
        public AnswerMigration {
            groups = Set.copyOf(groups);
        }
    }

    /** Takes back what the same principal said. */
    record WithdrawAnswer(MigrationName name) implements OfMigration {}

    /** As {@link AdvanceMigration} over missing approvals; needs etag and reason. */
    record BreakGlass(MigrationName name) implements OfMigration {}

    /** Vouches for a break-glass of another; needs a reason. */
    record ReviewBreakGlass(MigrationName name, long seq) implements OfMigration {}

    /** The orchestrator saw what was on its way applied everywhere, and names what that was. */
    record ConfirmMigration(MigrationName name, Phase phase, Phase.Progress progress)
            implements OfMigration {}

    /** The orchestrator calls people, since it waits for them for too long. */
    record EscalateMigration(MigrationName name) implements OfMigration {}

    /** Says what the migrations of one risk need. */
    record PutApprovalPolicy(ApprovalPolicySpec policy) implements Command {}

    record CreateWindow(WindowSpec window) implements Command {}

    record UpdateWindow(WindowSpec window) implements Command {}

    record DeleteWindow(WindowName name) implements Command {}

    record CreateCohort(CohortSpec cohort) implements Command {}

    /** Changes every gate that uses it too; the etag is required where one does. */
    record UpdateCohort(CohortSpec cohort, BackMoves backMoves) implements Command {}

    record DeleteCohort(CohortName name) implements Command {}

    record CreateDatabase(DatabaseSpec database) implements Command {}

    record UpdateDatabase(DatabaseSpec database) implements Command {}

    record DeleteDatabase(DatabaseName name) implements Command {}

    record RecordBaseline(BaselineSpec baseline, Recording recording) implements Command {}

    record DeleteBaseline(BaselineName name) implements Command {}

    /** What is asked of rings, and of structure on its way through them. */
    sealed interface OfRings extends Command {
        RingPlanName name();
    }

    record CreateRingPlan(RingPlanSpec plan) implements OfRings {
        @Override
        public RingPlanName name() {
            return plan.name();
        }
    }

    record UpdateRingPlan(RingPlanSpec plan) implements OfRings {
        @Override
        public RingPlanName name() {
            return plan.name();
        }
    }

    record DeleteRingPlan(RingPlanName name) implements OfRings {}

    /** The orchestrator saw the newest structure applied by every live node of a ring. */
    record ConfirmRing(RingPlanName name, int ring, long revision) implements OfRings {}

    /** The orchestrator gives a ring the newest structure. */
    record OfferRing(RingPlanName name, int ring, long revision) implements OfRings {}

    /** The orchestrator lets structure go no further. */
    record HaltStructure(
            RingPlanName name, int ring, long revision, List<RingTrouble> troubles, String message)
            implements OfRings {
        public HaltStructure {
            troubles = List.copyOf(troubles);
        }
    }

    /** A person's order to go on, and to send again what was refused; needs a reason. */
    record ResumeStructure(RingPlanName name) implements OfRings {}

    /** A person's order to take every ring back to what all of them had; needs a reason. */
    record AbortStructure(RingPlanName name) implements OfRings {}

    record OfOperation(OperationOrder order) implements Command {}

    record CreateSink(SinkSpec sink) implements Command {}

    record UpdateSink(SinkSpec sink) implements Command {}

    record DeleteSink(SinkName name) implements Command {}

    /** The notifier told a sink everything up to a place of the log. */
    record AdvanceSink(SinkName name, long through) implements Command {}

    /** The notifier gives up to tell a sink of one event. */
    record DropFromSink(SinkName name, long seq, String why) implements Command {}

    /** Whether a change of a gate may move keys back though its share is not lowered. */
    enum BackMoves {
        REFUSED,
        ALLOWED
    }
}
