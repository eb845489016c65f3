package dev.sluice.control.notify;

import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import java.util.stream.Collectors;

/**
 * How much events matter, and what is said of them. An event without words of its own is INFO and
 * is named by its kind: a new one is told of as well. Stateless.
 */
public final class NewsText {
    private static final double PPM_PER_PERCENT = 10_000;

    private NewsText() {}

    public static Severity severity(Event event) {
        return switch (event) {
            case GatesRevised revised ->
                    switch (revised.action()) {
                        case KILLED, ROLLED_BACK -> Severity.CRITICAL;
                        case RESUMED, WRITES_RELEASED -> Severity.WARNING;
                        case CREATED,
                                UPDATED,
                                SHARE_SET,
                                RESTORED,
                                SET_CHANGED,
                                COHORT_CHANGED,
                                WRITES_HELD,
                                WRITES_SWITCHED ->
                                Severity.INFO;
                    };
            case Event.KillPublished _,
                    Event.TripRecorded _,
                    Event.LocalKillRecorded _,
                    Event.MigrationGlassBroken _ ->
                    Severity.CRITICAL;
            case Event.OperationEnded(_, OperationOutcome.Failed _) -> Severity.WARNING;
            case Event.OperationEnded(_, OperationOutcome.LogVerified(_, _, var problems)) ->
                    problems.isEmpty() ? Severity.INFO : Severity.CRITICAL;
            case Event.RampMoved moved -> severity(moved.state());
            case Event.RampJudged judged -> severity(judged.verdict().outcome());
            case Event.MigrationReported reported ->
                    reported.report().outcome() == MigrationReport.Outcome.FAILED
                            ? Severity.WARNING
                            : Severity.INFO;
            case Event.NodeLost _,
                    Event.NodeForgotten _,
                    Event.MigrationPaused _,
                    Event.MigrationAbandoned _,
                    Event.MigrationEscalated _,
                    Event.VersionExpired _,
                    Event.StructureHalted _,
                    Event.StructureAborted _ ->
                    Severity.WARNING;
            default -> Severity.INFO;
        };
    }

    private static Severity severity(RampState state) {
        return switch (state) {
            case ROLLED_BACK -> Severity.CRITICAL;
            case PAUSED, WAITING_FOR_APPROVAL -> Severity.WARNING;
            case RUNNING, SUCCEEDED -> Severity.INFO;
        };
    }

    private static Severity severity(Verdict.Outcome outcome) {
        return switch (outcome) {
            case DEGRADED -> Severity.CRITICAL;
            case INVALID -> Severity.WARNING;
            case UNDECIDED, NON_INFERIOR -> Severity.INFO;
        };
    }

    /** One sentence: what, by whom, and the person's own words. */
    static String of(LoggedEvent event) {
        String reason = event.stamp().reason();
        return event.stamp().subject()
                + ": "
                + what(event.event())
                + ", by "
                + event.stamp().principal().name()
                + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** What happened, in a few words. */
    public static String what(Event event) {
        return switch (event) {
            case GatesRevised revised ->
                    switch (revised.action()) {
                        case KILLED -> "killed, every key is back";
                        case ROLLED_BACK -> "rolled back";
                        case RESUMED -> "resumed";
                        case RESTORED -> "an old revision restored";
                        case WRITES_HELD -> "writes wait to change sides";
                        case WRITES_SWITCHED -> "writes have changed sides, " + shares(revised);
                        case WRITES_RELEASED -> "writes could not change sides";
                        case CREATED, SHARE_SET -> shares(revised);
                        case UPDATED -> "changed, " + shares(revised);
                        case SET_CHANGED -> "joined or left its set, " + shares(revised);
                        case COHORT_CHANGED -> "a cohort changed, " + shares(revised);
                    };
            case Event.TripRecorded(var trip) ->
                    trip.node() + " took its keys of " + trip.operation() + " back by itself";
            case Event.LocalKillRecorded(var kill) -> "killed at " + kill.node() + " alone";
            case Event.RampMoved(_, var state, var message) -> "ramp " + state + ": " + message;
            case Event.RampStarted(var ramp) ->
                    "a ramp of " + ramp.steps().size() + " steps begins";
            case Event.RampStepApplied(_, int step) ->
                    "step " + (step + 1) + " is in force everywhere";
            case Event.MigrationAnswered answered -> "answered: " + answered.answer();
            case Event.RampStepped(_, int step) -> "step " + (step + 1) + " begins";
            case Event.RampJudged(_, var verdict) ->
                    "verdict " + verdict.outcome() + ": " + verdict.explanation();
            case Event.MigrationMoved moved -> moved.phase() + ": " + moved.message();
            case Event.MigrationReported(_, var report) ->
                    report.step() + " " + report.outcome() + ": " + report.summary();
            case Event.MigrationAbandoned(_, var message) -> "abandoned: " + message;
            case Event.MigrationEscalated(_, var message) -> "waits for people: " + message;
            case Event.MigrationGlassBroken(_, var overridden) ->
                    "goes on over " + String.join("; ", overridden);
            case Event.StructureRevised _ -> "other structure is on its way to the first ring";
            case Event.StructureOffered(_, int ring, long revision) ->
                    "structure of event " + revision + " goes to ring " + (ring + 1);
            case Event.StructureApplied(_, int ring, long revision) ->
                    "ring " + (ring + 1) + " has the structure of event " + revision;
            case Event.StructureHalted halted -> "structure is " + halted.message();
            case Event.StructureResumed _ -> "structure goes on through the rings";
            case Event.StructureAborted _ -> "every ring is back at what all of them had";
            case Event.OperationBegun(var operation) ->
                    EventCodec.workName(operation.work()) + " begins";
            case Event.OperationStepped(_, int step) -> "step " + (step + 1) + " is in force";
            case Event.OperationEnded(_, var outcome) -> what(outcome);
            case Event.VersionExpired(_, var end, var users) ->
                    "has expired at " + end + ", and is named by " + String.join(", ", users);
            case Event.NodeLost _ -> "its streams broke without a goodbye";
            default -> EventCodec.caseName(event);
        };
    }

    private static String what(OperationOutcome outcome) {
        return switch (outcome) {
            case OperationOutcome.Failed(var cause, var message) -> cause + ": " + message;
            case OperationOutcome.LogVerified(long seq, _, var problems) ->
                    problems.isEmpty()
                            ? "the log is whole up to event " + seq
                            : "the log is damaged: " + problems.getFirst().message();
            case OperationOutcome.BackedUp backup ->
                    "backed up to event " + backup.seq() + " in " + backup.file();
            case OperationOutcome.RolledBack() -> "every key is back";
        };
    }

    private static String shares(GatesRevised revised) {
        return revised.gates().stream()
                .map(NewsText::share)
                .collect(Collectors.joining(", ", "share ", ""));
    }

    private static String share(GateSpec gate) {
        String share = percent(gate.content().share().value());
        return gate.content()
                .writeHold()
                .map(hold ->
                        "%s while writes of %s to %s wait"
                                .formatted(
                                        share,
                                        percent(hold.fromBucket()),
                                        percent(hold.toBucket())))
                .orElse(share);
    }

    private static String percent(int ppm) {
        return ppm / PPM_PER_PERCENT + " %";
    }
}
