package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateGateRequest;
import dev.sluice.admin.v1.DeleteGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.ListGatesRequest;
import dev.sluice.admin.v1.ResumeGateRequest;
import dev.sluice.admin.v1.RollbackGateRequest;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.TakeBack;
import io.grpc.Channel;
import java.util.List;

/** Gates. Immutable. */
public final class Gates implements HasShare<Gate> {
    public static final Shape SHAPE = new Shape(List.of("gates"));

    @Override
    public String noun() {
        return "gate";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Gate prototype() {
        return Gate.getDefaultInstance();
    }

    @Override
    public List<Column<Gate>> columns(Words words) {
        return List.of(
                new Column<>("NAME", gate -> SHAPE.brief(gate.getName())),
                new Column<>("SHARE", gate -> Share.text(gate.getSharePpm())),
                new Column<>("MODES", gate -> gate.getFrom() + " -> " + gate.getTo()),
                new Column<>("STATE", gate -> state(gate) + kept(gate)),
                new Column<>("WRITES", Gates::writes),
                new Column<>("REVISION", gate -> Words.revision(gate.getRevision())),
                new Column<>("APPLIED", Gates::applied),
                new Column<>("SET", gate -> Words.orDash(GateSets.SHAPE.brief(gate.getGateSet()))),
                new Column<>("UPDATED", gate -> words.age(gate.getUpdateTime())));
    }

    @Override
    public boolean isStale(Gate gate) {
        return gate.getStaleCount() > 0;
    }

    private static String state(Gate gate) {
        if (gate.hasKill()) {
            return "KILLED";
        }
        if (gate.getLocalKillsCount() > 0) {
            return "KILLED AT " + Words.joined(killedAt(gate));
        }
        return gate.getTakeBack() == TakeBack.FORBIDDEN ? "FORWARD ONLY" : "IN FORCE";
    }

    /** What a rule fixes on LEGACY whatever the share is: isolations, by the names to release. */
    private static String kept(Gate gate) {
        List<String> rules =
                gate.getRulesList().stream()
                        .filter(rule -> rule.hasArm() && rule.getArm() == Arm.LEGACY)
                        .map(Rule::getName)
                        .toList();
        return rules.isEmpty() ? "" : ", ON LEGACY BY " + Words.joined(rules);
    }

    /** How much is written to NEW first, and what waits to be; a dash where the modes say it. */
    private static String writes(Gate gate) {
        if (!gate.hasWriteAuthority()) {
            return "-";
        }
        String now = Share.text(gate.getWriteAuthority().getNewBelowPpm());
        if (!gate.hasWriteHold()) {
            return now;
        }
        return now
                + ", waiting "
                + Share.text(gate.getWriteHold().getFromBucket())
                + ".."
                + Share.text(gate.getWriteHold().getToBucket());
    }

    private static List<String> killedAt(Gate gate) {
        return gate.getLocalKillsList().stream()
                .map(kill -> Nodes.SHAPE.brief(kill.getNode()))
                .distinct()
                .toList();
    }

    private static String applied(Gate gate) {
        var rollout = gate.getRollout();
        String refused =
                rollout.getRefusalsCount() == 0
                        ? ""
                        : ", " + rollout.getRefusalsCount() + " refused";
        return rollout.getApplied() + "/" + rollout.getNodes() + " nodes" + refused;
    }

    @Override
    public Gate get(Channel channel, String name) {
        return stub(channel).getGate(GetGateRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Gate> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listGates(ListGatesRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getGatesList(), page.getNextPageToken());
    }

    @Override
    public Gate create(Channel channel, Gate gate, Change change) {
        return stub(channel)
                .createGate(
                        CreateGateRequest.newBuilder()
                                .setGateId(Shape.id(gate.getName()))
                                .setGate(gate)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Gate update(Channel channel, Gate gate, FieldMask mask, Change change) {
        var request =
                UpdateGateRequest.newBuilder()
                        .setGate(gate)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateGate(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteGate(
                                DeleteGateRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    @Override
    public Gate setShare(
            Channel channel, String name, Share share, String etag, String reason, Change change) {
        return stub(channel)
                .setShare(
                        SetShareRequest.newBuilder()
                                .setName(name)
                                .setSharePpm(share.ppm())
                                .setEtag(etag)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Gate rollback(Channel channel, String name, String reason, Change change) {
        return stub(channel)
                .rollbackGate(
                        RollbackGateRequest.newBuilder()
                                .setName(name)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Gate kill(Channel channel, String name, String reason, Change change) {
        return stub(channel)
                .killGate(
                        KillGateRequest.newBuilder()
                                .setName(name)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Gate resume(
            Channel channel, String name, List<String> trips, String reason, Change change) {
        return stub(channel)
                .resumeGate(
                        ResumeGateRequest.newBuilder()
                                .setName(name)
                                .addAllAcknowledgedTrips(trips)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public String etag(Channel channel, String name) {
        return get(channel, name).getEtag();
    }

    private static GateServiceBlockingStub stub(Channel channel) {
        return GateServiceGrpc.newBlockingStub(channel);
    }
}
