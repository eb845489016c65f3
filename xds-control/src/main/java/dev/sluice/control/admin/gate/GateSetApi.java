package dev.sluice.control.admin.gate;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.DeleteGateSetRequest;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceImplBase;
import dev.sluice.admin.v1.GetGateSetRequest;
import dev.sluice.admin.v1.KillGateSetRequest;
import dev.sluice.admin.v1.ListGateSetsRequest;
import dev.sluice.admin.v1.ListGateSetsResponse;
import dev.sluice.admin.v1.ResumeGateSetRequest;
import dev.sluice.admin.v1.RollbackGateSetRequest;
import dev.sluice.admin.v1.SetSetShareRequest;
import dev.sluice.admin.v1.UpdateGateSetRequest;
import dev.sluice.contract.GateSetName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.spec.ShareTarget;
import io.grpc.stub.StreamObserver;
import java.util.stream.Stream;

/** Gate sets over gRPC. Thread-safe. */
public final class GateSetApi extends GateSetServiceImplBase {
    private static final GateSetForm FORM = new GateSetForm();

    private final Desk desk;
    private final ShareOrders<GateSet, dev.sluice.control.catalog.GateSet> shares;

    public GateSetApi(Desk desk) {
        this.desk = desk;
        this.shares =
                new ShareOrders<>(
                        desk, FORM, dev.sluice.control.catalog.GateSet.class, GateSetApi::target);
    }

    /** All of them, to be looked through. */
    public static Stream<GateSet> all(Catalog catalog) {
        return catalog.gateSets().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getGateSet(GetGateSetRequest request, StreamObserver<GateSet> observer) {
        GateSetName name = Desk.name(GateSetName.parse(request.getName()));
        var catalog = desk.now();
        Desk.done(FORM.write(Desk.found(catalog.gateSet(name), name), catalog), observer);
    }

    @Override
    public void listGateSets(
            ListGateSetsRequest request, StreamObserver<ListGateSetsResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.gateSets(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.GateSet::name,
                        GateSetName::parse);
        var answer = ListGateSetsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addGateSets(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createGateSet(CreateGateSetRequest request, StreamObserver<GateSet> observer) {
        desk.create(
                FORM,
                request.getGateSet().toBuilder()
                        .setName("gateSets/" + request.getGateSetId())
                        .build(),
                Command.CreateGateSet::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.GateSet.class,
                observer);
    }

    @Override
    public void updateGateSet(UpdateGateSetRequest request, StreamObserver<GateSet> observer) {
        GateSet wanted = request.getGateSet();
        GateSetName name = Desk.name(GateSetName.parse(wanted.getName()));
        var present = Desk.found(desk.now().gateSet(name), name);
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateGateSet::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.GateSet.class,
                observer);
    }

    @Override
    public void setSetShare(SetSetShareRequest request, StreamObserver<GateSet> observer) {
        shares.set(
                request.getName(),
                request.getSharePpm(),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                observer);
    }

    @Override
    public void rollbackGateSet(RollbackGateSetRequest request, StreamObserver<GateSet> observer) {
        shares.rollback(
                request.getName(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void killGateSet(KillGateSetRequest request, StreamObserver<GateSet> observer) {
        shares.kill(
                request.getName(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void resumeGateSet(ResumeGateSetRequest request, StreamObserver<GateSet> observer) {
        shares.resume(
                request.getName(),
                request.getAcknowledgedTripsList(),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    private static ShareTarget target(String name) {
        return new ShareTarget.OfSet(Desk.name(GateSetName.parse(name)));
    }

    @Override
    public void deleteGateSet(DeleteGateSetRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteGateSet(Desk.name(GateSetName.parse(request.getName()))),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }
}
