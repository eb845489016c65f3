package dev.sluice.proxy.boot;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import dev.sluice.contract.gate.Arm;
import dev.sluice.evidence.v1.CallerEvidence;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.LatencyHistogram;
import dev.sluice.evidence.v1.Outcomes;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.proxy.telemetry.CallerBook;
import dev.sluice.proxy.telemetry.EvidenceBook;
import dev.sluice.proxy.telemetry.GateEvidence;

/** What telemetry counted, as messages of the contract. Thread-safe. */
public final class EvidenceMessages {
    private final EvidenceBook book;
    private final CallerBook callers;

    /**
     * @param book where exchanges are counted
     * @param callers where calls of the service beside this sidecar are
     */
    public EvidenceMessages(EvidenceBook book, CallerBook callers) {
        this.book = book;
        this.callers = callers;
    }

    /** Everything counted since boot. */
    public EvidenceReport.Builder counts() {
        EvidenceReport.Builder report = EvidenceReport.newBuilder();
        book.read().forEach(evidence -> report.addGates(message(evidence)));
        book.readCarried().forEach(evidence -> report.addCarried(message(evidence)));
        callers.read().forEach(calls -> report.addCallers(message(calls)));
        return report;
    }

    private static CallerEvidence message(CallerBook.Calls calls) {
        CallerEvidence.Builder message =
                CallerEvidence.newBuilder()
                        .setGate(calls.caller().gate().name())
                        .setArm(arm(calls.caller().arm()))
                        .setOperation(calls.caller().operation())
                        .setRequests(calls.requests())
                        .setRefused(calls.refused())
                        .setLast(Timestamps.fromMillis(calls.last().toEpochMilli()));
        switch (calls.caller().who()) {
            case CallerBook.Who.One(String identity, String service) ->
                    message.setIdentity(identity).setService(service);
            case CallerBook.Who.Others() -> message.setOthers(true);
        }
        return message.build();
    }

    private dev.sluice.evidence.v1.GateEvidence message(GateEvidence evidence) {
        GateEvidence.Key key = evidence.key();
        dev.sluice.evidence.v1.GateEvidence.Builder message =
                dev.sluice.evidence.v1.GateEvidence.newBuilder()
                        .setGate(key.gate().name())
                        .setArm(arm(key.arm()))
                        .setOperation(key.operation())
                        .setShare(message(evidence.share()))
                        .setOther(message(evidence.other()))
                        .setFallbacks(evidence.fallbacks())
                        .setLatency(message(evidence.latency()))
                        .addAllKeyCells(evidence.keyCells())
                        .addAllFirstErrors(evidence.firstErrors())
                        .addAllFirstSlow(evidence.firstSlow())
                        .setSlowThreshold(
                                Duration.newBuilder()
                                        .setSeconds(book.slowThreshold().toSeconds())
                                        .setNanos(book.slowThreshold().toNanosPart()))
                        .setOverflow(evidence.overflow())
                        .setExcluded(evidence.excluded());
        key.revision()
                .ifPresent(revision ->
                        message.setRevision(
                                GateRevision.newBuilder()
                                        .setEpoch(revision.epoch())
                                        .setNumber(revision.number())));
        return message.build();
    }

    private static dev.sluice.gate.v1.Arm arm(Arm arm) {
        return switch (arm) {
            case LEGACY -> dev.sluice.gate.v1.Arm.LEGACY;
            case NEW -> dev.sluice.gate.v1.Arm.NEW;
        };
    }

    private static Outcomes message(GateEvidence.Outcomes outcomes) {
        return Outcomes.newBuilder()
                .setRequests(outcomes.requests())
                .setSuccesses(outcomes.successes())
                .setClientErrors(outcomes.clientErrors())
                .setServerErrors(outcomes.serverErrors())
                .setResets(outcomes.resets())
                .setTimeouts(outcomes.timeouts())
                .setCancelled(outcomes.cancelled())
                .setUnderFault(outcomes.underFault())
                .build();
    }

    private static LatencyHistogram message(GateEvidence.Latency latency) {
        LatencyHistogram.Builder histogram =
                LatencyHistogram.newBuilder().setSumMicros(latency.sumMicros());
        latency.buckets()
                .forEach(bucket -> histogram.addIndex(bucket.index()).addCount(bucket.count()));
        return histogram.build();
    }
}
