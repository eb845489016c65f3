package dev.sluice.proxy.xds;

import com.google.protobuf.Timestamp;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to the control plane: what was seen, and which revisions are obeyed. The next report goes out when the one
 * before was receipted and the interval that the receipt names has passed, and at once when a gate changed. Owned by the
 * configuration thread.
 */
final class EvidenceClient {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceClient.class);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final String nodeId;
    private final String bootId;
    private final EvidenceSource source;
    private final GateTable table;
    private final ConfigurationThread thread;
    private final Clock clock;
    private @Nullable StreamCall<EvidenceReport, EvidenceReceipt> call;
    private ConfigurationThread.Cancellable timer = () -> {};
    private long sequence;
    private boolean outstanding;
    private boolean changedMeanwhile;
    private boolean closed;

    EvidenceClient(
            String nodeId,
            String bootId,
            EvidenceSource source,
            GateTable table,
            ConfigurationThread thread,
            Clock clock) {
        this.nodeId = nodeId;
        this.bootId = bootId;
        this.source = source;
        this.table = table;
        this.thread = thread;
        this.clock = clock;
    }

    /** A connection is there. A server that takes no evidence is asked no more until the next connection. */
    void connected(Channel channel) {
        if (call != null) {
            call.cancel();
        }
        open(channel);
    }

    private void open(Channel channel) {
        StreamCall<EvidenceReport, EvidenceReceipt> next =
                new StreamCall<>(thread, this::receipted, status -> broken(channel, status));
        call = next;
        outstanding = false;
        var unused = EvidenceServiceGrpc.newStub(channel).streamEvidence(next);
        report();
    }

    private void broken(Channel channel, Status status) {
        call = null;
        timer.cancel();
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            LOG.info("the management server takes no evidence");
        } else if (!closed && status.getCode() == Status.Code.INVALID_ARGUMENT) {
            LOG.error("evidence refused: {}", status.getDescription());
            timer = thread.after(RETRY, () -> open(channel));
        }
    }

    /** A gate is obeyed from now on: those who wait for it shall know soon. */
    void gateChanged() {
        if (outstanding) {
            changedMeanwhile = true;
        } else if (call != null) {
            report();
        }
    }

    private void receipted(EvidenceReceipt receipt) {
        outstanding = false;
        timer.cancel();
        if (changedMeanwhile) {
            changedMeanwhile = false;
            report();
            return;
        }
        Duration asked = Duration.ofSeconds(
                receipt.getInterval().getSeconds(), receipt.getInterval().getNanos());
        timer = thread.after(asked.compareTo(SOON) < 0 ? SOON : asked, this::report);
    }

    private void report() {
        if (call != null && !outstanding) {
            timer.cancel();
            outstanding = true;
            call.send(message(false));
        }
    }

    private EvidenceReport message(boolean goodbye) {
        EvidenceReport.Builder report = source.counts()
                .setNodeId(nodeId)
                .setBootId(bootId)
                .setSequence(++sequence)
                .setTime(timestamp(clock.instant()))
                .setGoodbye(goodbye);
        for (GateTable.Entry entry : table.all()) {
            String name = entry.held().gate().name().name();
            Optional<GateRevision> revision = entry.held().gate().revision();
            revision.ifPresent(known -> report.addApplied(AppliedGate.newBuilder()
                    .setGate(name)
                    .setRevision(dev.sluice.gate.v1.GateRevision.newBuilder()
                            .setEpoch(known.epoch())
                            .setNumber(known.number()))
                    .setTime(timestamp(entry.since()))));
            entry.held().localKill().ifPresent(kill -> report.addLocalKills(
                    LocalKill.newBuilder().setGate(name).setReason(kill.reason())));
        }
        return report.build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /** Says goodbye: this node no longer counts. */
    void close() {
        closed = true;
        timer.cancel();
        if (call != null) {
            call.send(message(true));
            call.complete();
        }
    }
}
