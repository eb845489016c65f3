package dev.sluice.control.admin.gate;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.Cohort;
import dev.sluice.admin.v1.CohortServiceGrpc.CohortServiceImplBase;
import dev.sluice.admin.v1.CreateCohortRequest;
import dev.sluice.admin.v1.DeleteCohortRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.GetCohortRequest;
import dev.sluice.admin.v1.ListCohortsRequest;
import dev.sluice.admin.v1.ListCohortsResponse;
import dev.sluice.admin.v1.TestCohortRequest;
import dev.sluice.admin.v1.TestCohortResponse;
import dev.sluice.admin.v1.UpdateCohortRequest;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.decide.Cohort.Membership;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.lifecycle.gate.CohortRules;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** Cohorts over gRPC. Thread-safe. */
public final class CohortApi extends CohortServiceImplBase {
    private static final CohortForm FORM = new CohortForm();

    private final Desk desk;

    public CohortApi(Desk desk) {
        this.desk = desk;
    }

    /** All of them, to be looked through. */
    public static Stream<Cohort> all(Catalog catalog) {
        return catalog.cohorts().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getCohort(GetCohortRequest request, StreamObserver<Cohort> observer) {
        Desk.done(FORM.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void listCohorts(
            ListCohortsRequest request, StreamObserver<ListCohortsResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.cohorts(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Cohort::name,
                        CohortName::parse);
        var answer = ListCohortsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addCohorts(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createCohort(CreateCohortRequest request, StreamObserver<Cohort> observer) {
        desk.create(
                FORM,
                request.getCohort().toBuilder().setName("cohorts/" + request.getCohortId()).build(),
                Command.CreateCohort::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Cohort.class,
                observer);
    }

    @Override
    public void updateCohort(UpdateCohortRequest request, StreamObserver<Cohort> observer) {
        Cohort wanted = request.getCohort();
        var present = found(wanted.getName());
        BackMoves backMoves = request.getAllowMoves() ? BackMoves.ALLOWED : BackMoves.REFUSED;
        boolean used = !CohortRules.users(desk.now(), present.name()).isEmpty();
        String etag =
                wanted.getEtag().isEmpty() && !used ? present.meta().etag() : wanted.getEtag();
        desk.update(
                FORM,
                present,
                wanted,
                request.getUpdateMask(),
                spec -> new Command.UpdateCohort(spec, backMoves),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        etag,
                        request.getReason()),
                dev.sluice.control.catalog.Cohort.class,
                observer);
    }

    @Override
    public void deleteCohort(DeleteCohortRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteCohort(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void testCohort(TestCohortRequest request, StreamObserver<TestCohortResponse> observer) {
        var cohort =
                new dev.sluice.contract.decide.Cohort(found(request.getName()).spec().content());
        Optional<String> key =
                request.hasKey() && !request.getKey().isEmpty()
                        ? Optional.of(request.getKey().toString(StandardCharsets.ISO_8859_1))
                        : Optional.empty();
        Membership membership =
                cohort.membership(
                        key,
                        GateQuestions.request(
                                EvaluateGateRequest.newBuilder()
                                        .setMethod(request.getMethod())
                                        .setPath(request.getPath())
                                        .addAllHeaders(request.getHeadersList())
                                        .setClientIdentity(request.getClientIdentity())
                                        .build()));
        Desk.done(
                TestCohortResponse.newBuilder()
                        .setMember(membership.member())
                        .setExplanation(membership.explanation())
                        .build(),
                observer);
    }

    private dev.sluice.control.catalog.Cohort found(String name) {
        CohortName parsed = name(name);
        return Desk.found(desk.now().cohort(parsed), parsed);
    }

    private static CohortName name(String text) {
        return Desk.name(CohortName.parse(text));
    }
}
