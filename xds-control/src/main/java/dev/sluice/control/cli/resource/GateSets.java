package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.DeleteGateSetRequest;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceBlockingStub;
import dev.sluice.admin.v1.GetGateSetRequest;
import dev.sluice.admin.v1.KillGateSetRequest;
import dev.sluice.admin.v1.ListGateSetsRequest;
import dev.sluice.admin.v1.ResumeGateSetRequest;
import dev.sluice.admin.v1.RollbackGateSetRequest;
import dev.sluice.admin.v1.SetSetShareRequest;
import dev.sluice.admin.v1.UpdateGateSetRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Gate sets. Immutable. */
public final class GateSets implements HasShare<GateSet> {
    public static final Shape SHAPE = new Shape(List.of("gateSets"));

    @Override
    public String noun() {
        return "gateset";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public GateSet prototype() {
        return GateSet.getDefaultInstance();
    }

    @Override
    public List<Column<GateSet>> columns(Words words) {
        return List.of(
                new Column<>("NAME", set -> SHAPE.brief(set.getName())),
                new Column<>("SHARE", set -> Share.text(set.getSharePpm())),
                new Column<>(
                        "GATES",
                        set ->
                                Words.joined(
                                        set.getGatesList().stream()
                                                .map(Gates.SHAPE::brief)
                                                .toList())),
                new Column<>("OWNER", set -> Words.orDash(set.getOwner())),
                new Column<>("UPDATED", set -> words.age(set.getUpdateTime())));
    }

    @Override
    public GateSet get(Channel channel, String name) {
        return stub(channel).getGateSet(GetGateSetRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<GateSet> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listGateSets(
                                ListGateSetsRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getGateSetsList(), page.getNextPageToken());
    }

    @Override
    public GateSet create(Channel channel, GateSet set, Change change) {
        return stub(channel)
                .createGateSet(
                        CreateGateSetRequest.newBuilder()
                                .setGateSetId(Shape.id(set.getName()))
                                .setGateSet(set)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public GateSet update(Channel channel, GateSet set, FieldMask mask, Change change) {
        var request =
                UpdateGateSetRequest.newBuilder()
                        .setGateSet(set)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateGateSet(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteGateSet(
                                DeleteGateSetRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    @Override
    public GateSet setShare(
            Channel channel, String name, Share share, String etag, String reason, Change change) {
        return stub(channel)
                .setSetShare(
                        SetSetShareRequest.newBuilder()
                                .setName(name)
                                .setSharePpm(share.ppm())
                                .setEtag(etag)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public GateSet rollback(Channel channel, String name, String reason, Change change) {
        return stub(channel)
                .rollbackGateSet(
                        RollbackGateSetRequest.newBuilder()
                                .setName(name)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public GateSet kill(Channel channel, String name, String reason, Change change) {
        return stub(channel)
                .killGateSet(
                        KillGateSetRequest.newBuilder()
                                .setName(name)
                                .setReason(reason)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public GateSet resume(
            Channel channel, String name, List<String> trips, String reason, Change change) {
        return stub(channel)
                .resumeGateSet(
                        ResumeGateSetRequest.newBuilder()
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

    private static GateSetServiceBlockingStub stub(Channel channel) {
        return GateSetServiceGrpc.newBlockingStub(channel);
    }
}
