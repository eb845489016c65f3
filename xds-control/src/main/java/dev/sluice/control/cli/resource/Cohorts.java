package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.Cohort;
import dev.sluice.admin.v1.CohortServiceGrpc;
import dev.sluice.admin.v1.CohortServiceGrpc.CohortServiceBlockingStub;
import dev.sluice.admin.v1.CreateCohortRequest;
import dev.sluice.admin.v1.DeleteCohortRequest;
import dev.sluice.admin.v1.GetCohortRequest;
import dev.sluice.admin.v1.ListCohortsRequest;
import dev.sluice.admin.v1.UpdateCohortRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/** Cohorts. Immutable. */
public final class Cohorts implements Kind<Cohort> {
    public static final Shape SHAPE = new Shape(List.of("cohorts"));

    @Override
    public String noun() {
        return "cohort";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public Cohort prototype() {
        return Cohort.getDefaultInstance();
    }

    @Override
    public List<Column<Cohort>> columns(Words words) {
        return List.of(
                new Column<>("NAME", cohort -> SHAPE.brief(cohort.getName())),
                new Column<>("KEYS", cohort -> Integer.toString(cohort.getIncludeCount())),
                new Column<>("EXCLUDED", cohort -> Integer.toString(cohort.getExcludeCount())),
                new Column<>("MATCH", cohort -> cohort.hasMatch() ? "yes" : "-"),
                new Column<>(
                        "GATES",
                        cohort ->
                                Words.orDash(
                                        Words.joined(
                                                cohort.getGatesList().stream()
                                                        .map(Gates.SHAPE::brief)
                                                        .toList()))));
    }

    @Override
    public Cohort get(Channel channel, String name) {
        return stub(channel).getCohort(GetCohortRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Cohort> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listCohorts(
                                ListCohortsRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getCohortsList(), page.getNextPageToken());
    }

    @Override
    public Cohort create(Channel channel, Cohort cohort, Change change) {
        return stub(channel)
                .createCohort(
                        CreateCohortRequest.newBuilder()
                                .setCohortId(Shape.id(cohort.getName()))
                                .setCohort(cohort)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public Cohort update(Channel channel, Cohort cohort, FieldMask mask, Change change) {
        var request =
                UpdateCohortRequest.newBuilder()
                        .setCohort(cohort)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateCohort(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteCohort(
                                DeleteCohortRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    public static CohortServiceBlockingStub stub(Channel channel) {
        return CohortServiceGrpc.newBlockingStub(channel);
    }
}
