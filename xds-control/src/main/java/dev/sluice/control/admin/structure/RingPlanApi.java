package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.AbortRolloutRequest;
import dev.sluice.admin.v1.CreateRingPlanRequest;
import dev.sluice.admin.v1.DeleteRingPlanRequest;
import dev.sluice.admin.v1.GetRingPlanRequest;
import dev.sluice.admin.v1.ListRingPlansRequest;
import dev.sluice.admin.v1.ListRingPlansResponse;
import dev.sluice.admin.v1.ResumeRolloutRequest;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlanServiceGrpc.RingPlanServiceImplBase;
import dev.sluice.admin.v1.UpdateRingPlanRequest;
import dev.sluice.admin.v1.WatchRingPlanRequest;
import dev.sluice.contract.RingPlanName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.lifecycle.gate.FleetReport;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Plans of rings, and the rollout of structure through them, over gRPC. Thread-safe. */
public final class RingPlanApi extends RingPlanServiceImplBase {
    private final Desk desk;
    private final StateStreams streams;
    private final RingPlanForm form;

    /**
     * @param fleet what nodes have told by now
     */
    public RingPlanApi(Desk desk, Supplier<FleetReport> fleet, StateStreams streams) {
        this.desk = desk;
        this.streams = streams;
        this.form = new RingPlanForm(fleet);
    }

    /** All of them, as they are read. */
    public static Stream<RingPlan> all(Catalog catalog, Supplier<FleetReport> fleet) {
        var form = new RingPlanForm(fleet);
        return catalog.ringPlanMap().values().stream().map(it -> form.write(it, catalog));
    }

    @Override
    public void getRingPlan(GetRingPlanRequest request, StreamObserver<RingPlan> observer) {
        Desk.done(form.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void watchRingPlan(WatchRingPlanRequest request, StreamObserver<RingPlan> observer) {
        RingPlanName name = found(request.getName()).name();
        streams.open(
                observer,
                new StateStreams.Shape<>(
                        catalog ->
                                catalog.ringPlan(name)
                                        .map(it -> Map.of(name.name(), form.write(it, catalog)))
                                        .orElse(Map.of()),
                        _ -> Optional.empty(),
                        catalog -> catalog.ringPlan(name).isEmpty()));
    }

    @Override
    public void listRingPlans(
            ListRingPlansRequest request, StreamObserver<ListRingPlansResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.ringPlanMap().values(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.RingPlan::name,
                        RingPlanName::parse);
        var answer = ListRingPlansResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addRingPlans(form.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createRingPlan(CreateRingPlanRequest request, StreamObserver<RingPlan> observer) {
        desk.create(
                form,
                request.getRingPlan().toBuilder()
                        .setName("ringPlans/" + request.getRingPlanId())
                        .build(),
                Command.CreateRingPlan::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.RingPlan.class,
                observer);
    }

    @Override
    public void updateRingPlan(UpdateRingPlanRequest request, StreamObserver<RingPlan> observer) {
        RingPlan wanted = request.getRingPlan();
        var present = found(wanted.getName());
        desk.update(
                form,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateRingPlan::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.RingPlan.class,
                observer);
    }

    @Override
    public void deleteRingPlan(DeleteRingPlanRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteRingPlan(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void resumeRollout(ResumeRolloutRequest request, StreamObserver<RingPlan> observer) {
        decide(
                new Command.ResumeStructure(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void abortRollout(AbortRolloutRequest request, StreamObserver<RingPlan> observer) {
        decide(
                new Command.AbortStructure(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    private void decide(Command command, Conditions conditions, StreamObserver<RingPlan> observer) {
        desk.change(form, command, conditions, dev.sluice.control.catalog.RingPlan.class, observer);
    }

    private dev.sluice.control.catalog.RingPlan found(String name) {
        RingPlanName parsed = name(name);
        return Desk.found(desk.now().ringPlan(parsed), parsed);
    }

    private static RingPlanName name(String text) {
        return Desk.name(RingPlanName.parse(text));
    }
}
