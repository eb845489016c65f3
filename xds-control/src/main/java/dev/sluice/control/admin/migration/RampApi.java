package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.AbortRampRequest;
import dev.sluice.admin.v1.AdvanceRampRequest;
import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.ListRampsRequest;
import dev.sluice.admin.v1.ListRampsResponse;
import dev.sluice.admin.v1.PauseRampRequest;
import dev.sluice.admin.v1.PlanRampRequest;
import dev.sluice.admin.v1.PlanRampResponse;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceImplBase;
import dev.sluice.admin.v1.ResumeRampRequest;
import dev.sluice.admin.v1.WatchRampRequest;
import dev.sluice.contract.RampName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;

/** Ramps over gRPC. Thread-safe. */
public final class RampApi extends RampServiceImplBase {
    private final RampForm form;
    private final BaselineForm baselines;
    private final Desk desk;
    private final StateStreams streams;

    public RampApi(Desk desk, RampForm form, BaselineForm baselines, StateStreams streams) {
        this.form = form;
        this.baselines = baselines;
        this.desk = desk;
        this.streams = streams;
    }

    @Override
    public void getRamp(GetRampRequest request, StreamObserver<Ramp> observer) {
        RampName name = name(request.getName());
        Catalog catalog = desk.now();
        Desk.done(form.write(Desk.found(catalog.ramp(name), name), catalog), observer);
    }

    @Override
    public void listRamps(ListRampsRequest request, StreamObserver<ListRampsResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.ramps(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Ramp::name,
                        RampName::parse);
        var answer = ListRampsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(ramp -> answer.addRamps(form.write(ramp, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createRamp(CreateRampRequest request, StreamObserver<Ramp> observer) {
        desk.create(
                form,
                request.getRamp().toBuilder().setName("ramps/" + request.getRampId()).build(),
                Command.CreateRamp::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Ramp.class,
                observer);
    }

    @Override
    public void planRamp(PlanRampRequest request, StreamObserver<PlanRampResponse> observer) {
        Desk.done(RampPlan.answer(request, desk.now(), baselines), observer);
    }

    @Override
    public void pauseRamp(PauseRampRequest request, StreamObserver<Ramp> observer) {
        change(
                new Command.PauseRamp(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void resumeRamp(ResumeRampRequest request, StreamObserver<Ramp> observer) {
        change(
                new Command.ResumeRamp(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void advanceRamp(AdvanceRampRequest request, StreamObserver<Ramp> observer) {
        change(
                new Command.AdvanceRamp(name(request.getName())),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                observer);
    }

    @Override
    public void abortRamp(AbortRampRequest request, StreamObserver<Ramp> observer) {
        change(
                new Command.AbortRamp(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void watchRamp(WatchRampRequest request, StreamObserver<Ramp> observer) {
        RampName name = name(request.getName());
        Desk.found(desk.now().ramp(name), name);
        streams.open(
                observer,
                new StateStreams.Shape<>(
                        catalog ->
                                catalog.ramp(name)
                                        .map(ramp -> Map.of(name.name(), form.write(ramp, catalog)))
                                        .orElse(Map.of()),
                        _ -> Optional.empty(),
                        catalog ->
                                catalog.ramp(name)
                                        .filter(ramp -> ramp.state().isActive())
                                        .isEmpty()));
    }

    private void change(Command command, Conditions conditions, StreamObserver<Ramp> observer) {
        desk.change(form, command, conditions, dev.sluice.control.catalog.Ramp.class, observer);
    }

    private static RampName name(String text) {
        return Desk.name(RampName.parse(text));
    }
}
