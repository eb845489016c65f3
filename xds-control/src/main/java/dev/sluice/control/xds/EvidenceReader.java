package dev.sluice.control.xds;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.AppliedGates.Applied;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.CallerEvidence;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.GateEvidence;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.evidence.v1.Trip;
import dev.sluice.gate.v1.Kill;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reports of sidecars as our records. Pure. */
final class EvidenceReader {
    /** Of ids that a revision can acknowledge, in characters. */
    private static final int LONGEST_ID = 512;

    private static final int LONGEST_REASON = 1_024;

    private static final Pattern BOOT_ID = Pattern.compile("[0-9a-f]{32}");

    private EvidenceReader() {}

    /**
     * Reads one report.
     *
     * @throws IllegalArgumentException with what, got and expected, when it can't be one of a
     *     sidecar of ours
     */
    static NodeReport read(EvidenceReport report) {
        return read(report, applied(report, AppliedGates.NONE, new GateNames()));
    }

    /**
     * As {@link #read(EvidenceReport)}, with what was read of it before.
     *
     * @param applied of this report
     */
    static NodeReport read(EvidenceReport report, AppliedGates applied) {
        NodeName node = NodeName.ofId(report.getNodeId()).orThrow();
        if (!BOOT_ID.matcher(report.getBootId()).matches()) {
            throw new IllegalArgumentException(
                    "boot_id "
                            + Problem.quote(report.getBootId())
                            + " (expected 32 lower-case hex digits)");
        }
        if (report.getSequence() < 1) {
            throw new IllegalArgumentException(
                    "sequence " + report.getSequence() + " (expected 1..2^63-1)");
        }
        return new NodeReport(
                node,
                report.getBootId(),
                report.getSequence(),
                report.getGatesList().stream().map(EvidenceReader::counts).toList(),
                report.getCarriedList().stream().map(EvidenceReader::counts).toList(),
                applied,
                report.getTripsList().stream().map(trip -> trip(node, trip)).toList(),
                report.getLocalKillsList().stream()
                        .map(kill -> localKill(node, kill, report.getTime()))
                        .toList(),
                report.getGoodbye(),
                report.getCallersList().stream().map(EvidenceReader::calls).toList());
    }

    private static CallerCounts calls(CallerEvidence evidence) {
        return new CallerCounts(
                new CallerCounts.Caller(
                        GateName.parse(evidence.getGate()).orThrow(),
                        arm(evidence.getArm(), evidence.getArmValue()),
                        evidence.getOperation(),
                        evidence.getOthers()
                                ? new Who.Others()
                                : new Who.Named(evidence.getIdentity(), evidence.getService())),
                evidence.getRequests(),
                evidence.getRefused(),
                instant(evidence.getLast()));
    }

    private static GateCounts counts(GateEvidence evidence) {
        return new GateCounts(
                GateName.parse(evidence.getGate()).orThrow(),
                revision(evidence.getRevision()),
                arm(evidence.getArm(), evidence.getArmValue()),
                evidence.getOperation(),
                outcomes(evidence.getShare()),
                outcomes(evidence.getOther()),
                evidence.getFallbacks(),
                LatencyHistogram.of(
                        evidence.getLatency().getIndexList().stream()
                                .mapToInt(Integer::intValue)
                                .toArray(),
                        evidence.getLatency().getCountList().stream()
                                .mapToLong(Long::longValue)
                                .toArray(),
                        evidence.getLatency().getSumMicros()),
                KeyCells.of(
                        evidence.getKeyCellsList().stream()
                                .mapToLong(Integer::toUnsignedLong)
                                .toArray()),
                new HashSet<>(evidence.getFirstErrorsList()),
                new HashSet<>(evidence.getFirstSlowList()),
                evidence.getOverflow());
    }

    private static Arm arm(dev.sluice.gate.v1.Arm arm, int value) {
        return switch (arm) {
            case LEGACY -> Arm.LEGACY;
            case NEW -> Arm.NEW;
            case ARM_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException(
                            "arm " + value + " (expected LEGACY or NEW)");
        };
    }

    private static Outcomes outcomes(dev.sluice.evidence.v1.Outcomes counts) {
        return new Outcomes(
                counts.getRequests(),
                counts.getSuccesses(),
                counts.getClientErrors(),
                counts.getServerErrors(),
                counts.getResets(),
                counts.getTimeouts(),
                counts.getCancelled(),
                counts.getUnderFault());
    }

    /**
     * The gates by which the node decides.
     *
     * @param before as it last reported; in the report that this one is the changes of, if it is
     *     that
     * @throws IllegalArgumentException with what, got and expected, when a name or time is none
     */
    static AppliedGates applied(EvidenceReport report, AppliedGates before, GateNames names) {
        Map<GateName, Applied> said = HashMap.newHashMap(report.getAppliedCount());
        for (AppliedGate gate : report.getAppliedList()) {
            GateName name = names.gate(gate.getGate());
            Applied known = before.byName().get(name);
            said.put(name, known != null && isSaid(known, gate) ? known : applied(gate));
        }
        AppliedGates next =
                isChanges(report) ? before.next(said, released(report, names)) : before.next(said);
        if (next.byName().size() > AskedNames.MOST) {
            throw new IllegalArgumentException(
                    next.byName().size() + " gates (expected 0.." + AskedNames.MOST + ")");
        }
        return next;
    }

    private static Set<GateName> released(EvidenceReport report, GateNames names) {
        Set<GateName> released = new HashSet<>();
        report.getReleasedList().forEach(name -> released.add(names.gate(name)));
        return released;
    }

    /** Whether a report says of gates only what is another since one before. */
    static boolean isChanges(EvidenceReport report) {
        return report.getAppliedSince() != 0;
    }

    /** The same report with all gates, for who does not have the ones before. */
    static EvidenceReport whole(EvidenceReport report, AppliedGates applied) {
        if (!isChanges(report)) {
            return report;
        }
        EvidenceReport.Builder whole =
                report.toBuilder().clearAppliedSince().clearReleased().clearApplied();
        applied.byName().forEach((name, known) -> whole.addApplied(applied(name, known)));
        return whole.build();
    }

    private static AppliedGate applied(GateName name, Applied known) {
        Instant time = known.time();
        AppliedGate.Builder applied =
                AppliedGate.newBuilder()
                        .setGate(name.name())
                        .setRevision(
                                dev.sluice.gate.v1.GateRevision.newBuilder()
                                        .setEpoch(known.revision().epoch())
                                        .setNumber(known.revision().number()))
                        .setTime(
                                Timestamp.newBuilder()
                                        .setSeconds(time.getEpochSecond())
                                        .setNanos(time.getNano()))
                        .setWritesUnderWay(known.writesUnderWay());
        known.kill().map(GateWriter::kill).ifPresent(applied::setKill);
        return applied.build();
    }

    private static boolean isSaid(Applied known, AppliedGate gate) {
        GateRevision revision = known.revision();
        Instant time = known.time();
        return revision.epoch() == gate.getRevision().getEpoch()
                && revision.number() == gate.getRevision().getNumber()
                && time.getEpochSecond() == gate.getTime().getSeconds()
                && time.getNano() == gate.getTime().getNanos()
                && known.writesUnderWay() == writesUnderWay(gate);
    }

    private static Applied applied(AppliedGate gate) {
        return new Applied(
                revision(gate.getRevision()),
                instant(gate.getTime()),
                gate.hasKill() ? Optional.of(kill(gate.getKill())) : Optional.empty(),
                writesUnderWay(gate));
    }

    private static Gate.Kill kill(Kill kill) {
        return new Gate.Kill(
                cut(kill.getReason(), LONGEST_REASON),
                Optional.empty(),
                cut(kill.getActor(), LONGEST_ID));
    }

    private static String cut(String text, int longest) {
        return text.substring(0, Math.min(text.length(), longest));
    }

    /** A number that is out of all bounds is told as very many. */
    private static int writesUnderWay(AppliedGate gate) {
        return gate.getWritesUnderWay() < 0 ? Integer.MAX_VALUE : gate.getWritesUnderWay();
    }

    private static TripReport trip(NodeName node, Trip trip) {
        return new TripReport(
                trip.getId(),
                GateName.parse(trip.getGate()).orThrow(),
                node,
                trip.getOperation(),
                instant(trip.getTime()),
                trip.getMoved());
    }

    private static LocalKillReport localKill(NodeName node, LocalKill kill, Timestamp reported) {
        if (kill.getId().isEmpty() || kill.getId().length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "local_kills[].id of "
                            + kill.getId().length()
                            + " characters (expected 1.."
                            + LONGEST_ID
                            + ")");
        }
        return new LocalKillReport(
                kill.getId(),
                GateName.parse(kill.getGate()).orThrow(),
                node,
                cut(kill.getReason(), LONGEST_REASON),
                instant(kill.hasTime() ? kill.getTime() : reported));
    }

    private static GateRevision revision(dev.sluice.gate.v1.GateRevision revision) {
        return new GateRevision(revision.getEpoch(), revision.getNumber());
    }

    static Instant instant(Timestamp time) {
        if (!Timestamps.isValid(time)) {
            throw new IllegalArgumentException(
                    "time of "
                            + time.getSeconds()
                            + " s and "
                            + time.getNanos()
                            + " ns (expected years 1..9999)");
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
