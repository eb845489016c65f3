package dev.sluice.control.admin.migration;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.Baseline;
import dev.sluice.admin.v1.BaselineServiceGrpc.BaselineServiceImplBase;
import dev.sluice.admin.v1.DeleteBaselineRequest;
import dev.sluice.admin.v1.GetBaselineRequest;
import dev.sluice.admin.v1.ListBaselinesRequest;
import dev.sluice.admin.v1.ListBaselinesResponse;
import dev.sluice.admin.v1.RecordBaselineRequest;
import dev.sluice.contract.BaselineName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.ShareTarget;
import io.grpc.stub.StreamObserver;
import java.util.function.BiFunction;

/** Baselines over gRPC. Thread-safe. */
public final class BaselineApi extends BaselineServiceImplBase {
    private final Desk desk;
    private final BaselineForm form;
    private final BiFunction<Catalog, ShareTarget, Recording> recorder;

    /**
     * @param recorder what legacy has done by now
     */
    public BaselineApi(
            Desk desk, BaselineForm form, BiFunction<Catalog, ShareTarget, Recording> recorder) {
        this.desk = desk;
        this.form = form;
        this.recorder = recorder;
    }

    @Override
    public void getBaseline(GetBaselineRequest request, StreamObserver<Baseline> observer) {
        BaselineName name = name(request.getName());
        Catalog catalog = desk.now();
        Desk.done(form.write(Desk.found(catalog.baseline(name), name), catalog), observer);
    }

    @Override
    public void listBaselines(
            ListBaselinesRequest request, StreamObserver<ListBaselinesResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.baselineMap().values(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Baseline::name,
                        BaselineName::parse);
        var answer = ListBaselinesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addBaselines(form.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void recordBaseline(RecordBaselineRequest request, StreamObserver<Baseline> observer) {
        Baseline wanted = request.getBaseline();
        Catalog catalog = desk.now();
        desk.create(
                form,
                catalog.baseline(name(wanted.getName()))
                        .map(present -> over(form.write(present, catalog), wanted))
                        .orElse(wanted),
                spec -> new Command.RecordBaseline(spec, recorder.apply(catalog, spec.target())),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        request.getReason()),
                dev.sluice.control.catalog.Baseline.class,
                observer);
    }

    /** What is left out stays. */
    private static Baseline over(Baseline present, Baseline wanted) {
        Baseline.Builder merged = present.toBuilder();
        if (wanted.hasMaxAge()) {
            merged.clearMaxAge();
        }
        if (wanted.getLabelsCount() > 0) {
            merged.clearLabels();
        }
        return merged.mergeFrom(wanted).build();
    }

    @Override
    public void deleteBaseline(DeleteBaselineRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteBaseline(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    private static BaselineName name(String text) {
        return Desk.name(BaselineName.parse(text));
    }
}
