package dev.sluice.control.admin.event;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.Severity;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.notify.NewsText;
import java.util.List;

/** Events on the wire. Stateless. */
final class EventForm {
    private EventForm() {}

    /**
     * @param changes what it changed; none where nobody asked
     */
    static Event write(LoggedEvent logged, List<ChangedResource> changes) {
        Stamp stamp = logged.stamp();
        Event.Builder message =
                Event.newBuilder()
                        .setSequence(logged.seq())
                        .setEpoch(logged.epoch())
                        .setTime(Times.write(stamp.time()))
                        .setKind(EventCodec.caseName(logged.event()))
                        .setSubject(stamp.subject())
                        .setActor(stamp.principal().name())
                        .setAuthMethod(stamp.principal().method().name())
                        .setReason(stamp.reason())
                        .setRequestId(stamp.requestId().orElse(""))
                        .setBeforeDigest(logged.previous().hex())
                        .setAfterDigest(logged.hash().hex())
                        .setSummary(NewsText.what(logged.event()))
                        .setSeverity(severity(NewsText.severity(logged.event())))
                        .setContent(content(logged).getFieldsOrThrow("event").getStructValue());
        if (logged.event() instanceof GatesRevised revised) {
            revised.gates().forEach(gate -> message.addGates(changed(gate.content())));
        }
        changes.forEach(change -> message.addChanges(changed(change)));
        return message.build();
    }

    private static Event.ResourceChange changed(ChangedResource change) {
        return Event.ResourceChange.newBuilder()
                .setResource(change.name())
                .setBeforeDigest(change.before().map(Digest::hex).orElse(""))
                .setAfterDigest(change.after().map(Digest::hex).orElse(""))
                .build();
    }

    private static Event.GateChanged changed(Gate gate) {
        Event.GateChanged.Builder changed =
                Event.GateChanged.newBuilder().setGate(gate.name().name());
        gate.revision().map(GateWriter::revision).ifPresent(changed::setRevision);
        return changed.build();
    }

    private static Severity severity(SinkSpec.Severity severity) {
        return switch (severity) {
            case INFO -> Severity.INFO;
            case WARNING -> Severity.WARNING;
            case CRITICAL -> Severity.CRITICAL;
        };
    }

    private static Struct content(LoggedEvent logged) {
        Struct.Builder content = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(logged.payload(), content);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("every line of the log is a JSON object", e);
        }
        return content.build();
    }
}
