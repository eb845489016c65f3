package dev.sluice.control.change;

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
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.WindowName;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.WindowSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that has happened. The state is the fold of all events and nothing else, so an event
 * carries everything that the state needs, whole, and is never interpreted again by rules that may
 * change. Immutable.
 *
 * <p>The names of the cases and of their components are in every log ever written: {@link
 * EventCodec} holds the case names, golden lines in its test hold both.
 */
public sealed interface Event {
    record ServicePut(ServiceSpec service) implements Event {}

    record ServiceDeleted(ServiceName name) implements Event {}

    record VersionPut(VersionSpec version) implements Event {}

    record VersionDeleted(VersionName name) implements Event {}

    /** The end of a version has come while gates and routes name it, the users. */
    record VersionExpired(VersionName name, Instant end, List<String> users) implements Event {
        public VersionExpired {
            users = List.copyOf(users);
        }
    }

    record RoutePut(RouteSpec route) implements Event {}

    record RouteDeleted(RouteName name) implements Event {}

    /**
     * Gates got a new revision each, in one step.
     *
     * @param gates whole, with their new revisions; all gates of a set, all that use a cohort, or
     *     one
     */
    record GatesRevised(Action action, List<GateSpec> gates) implements Event {
        public GatesRevised {
            gates = List.copyOf(gates);
        }

        /** Why the revision was made. */
        public enum Action {
            CREATED,
            UPDATED,
            SHARE_SET,
            ROLLED_BACK,
            KILLED,
            RESUMED,
            RESTORED,
            /** Joined a set or left it. */
            SET_CHANGED,
            /** A cohort of its rules is another. */
            COHORT_CHANGED,
            /** Writes that are to change sides wait. */
            WRITES_HELD,
            /** Every node held them; they are on the other side. */
            WRITES_SWITCHED,
            /** Some node did not hold them in time; they go on where they were. */
            WRITES_RELEASED
        }
    }

    record GateDeleted(GateName name) implements Event {}

    record GateSetPut(GateSetSpec set) implements Event {}

    record GateSetDeleted(GateSetName name) implements Event {}

    /**
     * For the audit: the kill of these gates had reached sidecars before it could be recorded.
     *
     * @param time when it was published
     */
    record KillPublished(List<GateName> gates, Instant time) implements Event {
        public KillPublished {
            gates = List.copyOf(gates);
        }
    }

    /** A sidecar tripped; raises are refused until the trip is acknowledged. */
    record TripRecorded(TripReport trip) implements Event {}

    /** A gate was killed at one sidecar; raises are refused until that is acknowledged. */
    record LocalKillRecorded(LocalKillReport kill) implements Event {}

    /** A ramp exists and is running at its first step. */
    record RampStarted(RampSpec ramp) implements Event {}

    /** The step is in force from now on; the shares changed in the same command. */
    record RampStepped(RampName name, int step) implements Event {}

    /** Every live node has applied the step; its soak counts from this event's time. */
    record RampStepApplied(RampName name, int step) implements Event {}

    record RampJudged(RampName name, Verdict verdict) implements Event {}

    /**
     * A ramp changed state.
     *
     * @param message why, for people
     */
    record RampMoved(RampName name, RampState state, String message) implements Event {}

    record NodeRegistered(NodeSpec node) implements Event {}

    record NodeLost(NodeName name) implements Event {}

    record NodeLeft(NodeName name) implements Event {}

    record NodeForgotten(NodeName name) implements Event {}

    /** A migration is planned, or its plan was changed. */
    record MigrationPut(MigrationSpec migration) implements Event {}

    record MigrationDeleted(MigrationName name) implements Event {}

    /**
     * A migration came to a phase, or further within it.
     *
     * @param ramp that drives its keys from now on
     * @param message why, for people
     */
    record MigrationMoved(
            MigrationName name,
            Phase phase,
            Phase.Progress progress,
            Optional<RampName> ramp,
            String message)
            implements Event {}

    record MigrationReported(MigrationName name, MigrationReport report) implements Event {}

    record MigrationPaused(MigrationName name) implements Event {}

    record MigrationResumed(MigrationName name) implements Event {}

    /**
     * An approver answered.
     *
     * @param plan the revision that it saw
     * @param groups of the approver at that time
     */
    record MigrationAnswered(MigrationName name, Digest plan, Answer answer, Set<String> groups)
            implements Event {
        public MigrationAnswered {
            groups = Set.copyOf(groups);
        }
    }

    /** An approver took back what it had said. */
    record MigrationAnswerWithdrawn(MigrationName name) implements Event {}

    /**
     * A migration was advanced over missing approvals, by the next event of the same command.
     *
     * @param overridden what stood against it, for people
     */
    record MigrationGlassBroken(MigrationName name, List<String> overridden) implements Event {
        public MigrationGlassBroken {
            overridden = List.copyOf(overridden);
        }
    }

    /** Somebody else vouched for the break-glass of an event. */
    record MigrationGlassReviewed(MigrationName name, long seq) implements Event {}

    /**
     * It has waited for people for longer than its policy lets it.
     *
     * @param message for what and since when, for people
     */
    record MigrationEscalated(MigrationName name, String message) implements Event {}

    record ApprovalPolicyPut(ApprovalPolicySpec policy) implements Event {}

    record WindowPut(WindowSpec window) implements Event {}

    record WindowDeleted(WindowName name) implements Event {}

    /** A cohort is new or changed; gates that use it are revised by the same command. */
    record CohortPut(CohortSpec cohort) implements Event {}

    record CohortDeleted(CohortName name) implements Event {}

    record DatabasePut(DatabaseSpec database) implements Event {}

    record DatabaseDeleted(DatabaseName name) implements Event {}

    /** A baseline is new, or was recorded again. */
    record BaselineRecorded(BaselineSpec baseline, Recording recording) implements Event {}

    record BaselineDeleted(BaselineName name) implements Event {}

    record SinkPut(SinkSpec sink) implements Event {}

    record SinkDeleted(SinkName name) implements Event {}

    /** A sink was told of everything up to a place of the log that was for it. */
    record SinkAdvanced(SinkName name, long through) implements Event {}

    /**
     * A sink will never be told of an event.
     *
     * @param seq of that event; all before it is done
     */
    record SinkDropped(SinkName name, long seq, String why) implements Event {}

    /** What happens to rings, and to structure on its way through them. */
    sealed interface OfRings {
        RingPlanName name();
    }

    record RingPlanPut(RingPlanSpec plan) implements Event, OfRings {
        @Override
        public RingPlanName name() {
            return plan.name();
        }
    }

    record RingPlanDeleted(RingPlanName name) implements Event, OfRings {}

    /** Structure is another from the next event of the same command on; the first ring gets it. */
    record StructureRevised(RingPlanName name) implements Event, OfRings {}

    /**
     * The next ring gets the newest structure.
     *
     * @param ring its index in the plan
     * @param revision place of the log at which that structure was declared
     */
    record StructureOffered(RingPlanName name, int ring, long revision) implements Event, OfRings {}

    /** Every live node of a ring has accepted it. */
    record StructureApplied(RingPlanName name, int ring, long revision) implements Event, OfRings {}

    /** It goes no further until a person says so, or something else is declared. */
    record StructureHalted(
            RingPlanName name, int ring, long revision, List<RingTrouble> troubles, String message)
            implements Event, OfRings {
        public StructureHalted {
            troubles = List.copyOf(troubles);
        }
    }

    record StructureResumed(RingPlanName name) implements Event, OfRings {}

    /** Every ring gets back what all of them had last. */
    record StructureAborted(RingPlanName name) implements Event, OfRings {}

    /** What happens to operations. */
    sealed interface OfOperation {}

    record OperationBegun(OperationSpec operation) implements Event, OfOperation {}

    /** One of its steps is in force; what it changed stands before it in the same command. */
    record OperationStepped(OperationName name, int step) implements Event, OfOperation {}

    record OperationEnded(OperationName name, OperationOutcome outcome)
            implements Event, OfOperation {}

    /** Given up with no key moved. */
    record MigrationAbandoned(MigrationName name, String message) implements Event {}
}
