package dev.sluice.control.change.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.VersionSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Stamps, events and commands as canonical JSON lines: one text for one value, readable by people,
 * and by every later version of this code. Gates and route matches stand in the JSON form of their
 * own messages, whose field names the contract freezes. Thread-safe.
 */
public final class EventCodec {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final CaseNames NAMES = caseNames();
    private static final RecordJson JSON = new RecordJson(NAMES, Forms.all());

    private EventCodec() {}

    /** Every kind of event, sorted. */
    public static List<String> kinds() {
        return Stream.of(Event.class.getPermittedSubclasses())
                .map(type -> NAMES.name(type).orElseThrow())
                .sorted()
                .toList();
    }

    /** The line that is stored and hashed. */
    public static String encode(Stamp stamp, Event event) {
        ObjectNode line = MAPPER.createObjectNode();
        line.set("event", JSON.write(event));
        line.set("stamp", JSON.write(stamp));
        return text(line);
    }

    /**
     * What a line says.
     *
     * @throws IllegalArgumentException when it is not such a line; the message says where and why
     */
    public static Line decode(String payload) {
        try {
            JsonNode line = MAPPER.readTree(payload);
            return new Line(
                    JSON.read(line.path("stamp"), Stamp.class),
                    JSON.read(line.path("event"), Event.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("no such line: " + e.getMessage(), e);
        }
    }

    /** The name of an event's case in the log, such as {@code gates.revised}. */
    public static String caseName(Event event) {
        return NAMES.name(event.getClass()).orElseThrow();
    }

    /** The name of what an operation does, such as {@code log.verify}. */
    public static String workName(OperationSpec.Work work) {
        return NAMES.name(work.getClass()).orElseThrow();
    }

    /**
     * Identifies what a command asks for: equal commands have equal digests. What was counted by
     * the time that it was given is not asked for.
     */
    public static String digest(Command command) {
        Object asked =
                command instanceof Command.RecordBaseline(var baseline, _) ? baseline : command;
        return Digest.of(command.getClass().getSimpleName(), text(JSON.write(asked))).brief();
    }

    /**
     * The digest of named values as canonical JSON: records, names, times, numbers, texts, and
     * lists and maps of them.
     */
    public static Digest digest(Map<String, ?> content) {
        return Digest.of(text(JSON.write(content)));
    }

    /** What a stored line says. */
    public record Line(Stamp stamp, Event event) {}

    private static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CaseNames caseNames() {
        return new CaseNames(
                Map.ofEntries(
                        Map.entry(Event.ServicePut.class, "service.put"),
                        Map.entry(Event.ServiceDeleted.class, "service.deleted"),
                        Map.entry(Event.VersionPut.class, "version.put"),
                        Map.entry(Event.VersionDeleted.class, "version.deleted"),
                        Map.entry(Event.VersionExpired.class, "version.expired"),
                        Map.entry(Event.RoutePut.class, "route.put"),
                        Map.entry(Event.RouteDeleted.class, "route.deleted"),
                        Map.entry(Event.GatesRevised.class, "gates.revised"),
                        Map.entry(Event.GateDeleted.class, "gate.deleted"),
                        Map.entry(Event.GateSetPut.class, "gate-set.put"),
                        Map.entry(Event.GateSetDeleted.class, "gate-set.deleted"),
                        Map.entry(Event.KillPublished.class, "kill.published"),
                        Map.entry(Event.TripRecorded.class, "trip.recorded"),
                        Map.entry(Event.LocalKillRecorded.class, "local-kill.recorded"),
                        Map.entry(Event.RampStarted.class, "ramp.started"),
                        Map.entry(Event.RampStepped.class, "ramp.stepped"),
                        Map.entry(Event.RampStepApplied.class, "ramp.step-applied"),
                        Map.entry(Event.RampJudged.class, "ramp.judged"),
                        Map.entry(Event.RampMoved.class, "ramp.moved"),
                        Map.entry(Event.NodeRegistered.class, "node.registered"),
                        Map.entry(Event.NodeLost.class, "node.lost"),
                        Map.entry(Event.NodeLeft.class, "node.left"),
                        Map.entry(Event.NodeForgotten.class, "node.forgotten"),
                        Map.entry(Event.MigrationPut.class, "migration.put"),
                        Map.entry(Event.MigrationDeleted.class, "migration.deleted"),
                        Map.entry(Event.MigrationMoved.class, "migration.moved"),
                        Map.entry(Event.MigrationReported.class, "migration.reported"),
                        Map.entry(Event.MigrationPaused.class, "migration.paused"),
                        Map.entry(Event.MigrationResumed.class, "migration.resumed"),
                        Map.entry(Event.MigrationAbandoned.class, "migration.abandoned"),
                        Map.entry(Event.MigrationAnswered.class, "migration.answered"),
                        Map.entry(
                                Event.MigrationAnswerWithdrawn.class, "migration.answer-withdrawn"),
                        Map.entry(Event.MigrationGlassBroken.class, "migration.glass-broken"),
                        Map.entry(Event.MigrationGlassReviewed.class, "migration.glass-reviewed"),
                        Map.entry(Event.MigrationEscalated.class, "migration.escalated"),
                        Map.entry(Event.ApprovalPolicyPut.class, "approval-policy.put"),
                        Map.entry(Event.WindowPut.class, "window.put"),
                        Map.entry(Event.WindowDeleted.class, "window.deleted"),
                        Map.entry(Event.CohortPut.class, "cohort.put"),
                        Map.entry(Event.CohortDeleted.class, "cohort.deleted"),
                        Map.entry(Event.DatabasePut.class, "database.put"),
                        Map.entry(Event.DatabaseDeleted.class, "database.deleted"),
                        Map.entry(Event.BaselineRecorded.class, "baseline.recorded"),
                        Map.entry(Event.BaselineDeleted.class, "baseline.deleted"),
                        Map.entry(Event.SinkPut.class, "sink.put"),
                        Map.entry(Event.SinkDeleted.class, "sink.deleted"),
                        Map.entry(Event.SinkAdvanced.class, "sink.advanced"),
                        Map.entry(Event.SinkDropped.class, "sink.dropped"),
                        Map.entry(Event.RingPlanPut.class, "ring-plan.put"),
                        Map.entry(Event.RingPlanDeleted.class, "ring-plan.deleted"),
                        Map.entry(Event.StructureRevised.class, "structure.revised"),
                        Map.entry(Event.StructureOffered.class, "structure.offered"),
                        Map.entry(Event.StructureApplied.class, "structure.applied"),
                        Map.entry(Event.StructureHalted.class, "structure.halted"),
                        Map.entry(Event.StructureResumed.class, "structure.resumed"),
                        Map.entry(Event.StructureAborted.class, "structure.aborted"),
                        Map.entry(Event.OperationBegun.class, "operation.begun"),
                        Map.entry(Event.OperationStepped.class, "operation.stepped"),
                        Map.entry(Event.OperationEnded.class, "operation.ended"),
                        Map.entry(OperationSpec.VerifyLog.class, "log.verify"),
                        Map.entry(OperationSpec.BackUpLog.class, "log.backup"),
                        Map.entry(OperationSpec.RollBack.class, "share.rollback"),
                        Map.entry(OperationOutcome.LogVerified.class, "log-verified"),
                        Map.entry(OperationOutcome.BackedUp.class, "backed-up"),
                        Map.entry(OperationOutcome.RolledBack.class, "rolled-back"),
                        Map.entry(OperationOutcome.Failed.class, "failed"),
                        Map.entry(SinkSpec.Destination.Webhook.class, "webhook"),
                        Map.entry(SinkSpec.Destination.Slack.class, "slack"),
                        Map.entry(SinkSpec.Destination.Mail.class, "mail"),
                        Map.entry(Endpoints.Static.class, "static"),
                        Map.entry(Endpoints.Dns.class, "dns"),
                        Map.entry(Endpoints.Eds.class, "eds"),
                        Map.entry(VersionSpec.HealthCheck.Check.Http.class, "http"),
                        Map.entry(VersionSpec.HealthCheck.Check.Grpc.class, "grpc"),
                        Map.entry(VersionSpec.HealthCheck.Check.Tcp.class, "tcp"),
                        Map.entry(RouteSpec.Target.ToGate.class, "gate"),
                        Map.entry(RouteSpec.Target.ToVersion.class, "version"),
                        Map.entry(ShareTarget.OfGate.class, "gate"),
                        Map.entry(ShareTarget.OfSet.class, "set")));
    }
}
