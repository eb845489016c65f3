package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.CreateRingPlanRequest;
import dev.sluice.admin.v1.DeleteRingPlanRequest;
import dev.sluice.admin.v1.GetRingPlanRequest;
import dev.sluice.admin.v1.ListRingPlansRequest;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlanServiceGrpc;
import dev.sluice.admin.v1.RingPlanServiceGrpc.RingPlanServiceBlockingStub;
import dev.sluice.admin.v1.UpdateRingPlanRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;
import java.util.stream.Collectors;

/** Plans of rings. Immutable. */
public final class RingPlans implements Kind<RingPlan> {
    public static final Shape SHAPE = new Shape(List.of("ringPlans"));

    @Override
    public String noun() {
        return "ring-plan";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public RingPlan prototype() {
        return RingPlan.getDefaultInstance();
    }

    @Override
    public List<Column<RingPlan>> columns(Words words) {
        return List.of(
                new Column<>("NAME", plan -> SHAPE.brief(plan.getName())),
                new Column<>(
                        "RINGS",
                        plan ->
                                plan.getRollout().getRingsList().stream()
                                        .map(ring -> ring.getId() + " (" + ring.getNodes() + ")")
                                        .collect(Collectors.joining(", "))),
                new Column<>("ROLLOUT", plan -> plan.getRollout().getState().name()),
                new Column<>("RING", plan -> Words.orDash(plan.getRollout().getRing())),
                new Column<>("REVISION", plan -> Long.toString(plan.getRollout().getRevision())),
                new Column<>("SINCE", plan -> words.age(plan.getRollout().getStateTime())),
                new Column<>("MESSAGE", plan -> Words.orDash(plan.getRollout().getMessage())));
    }

    @Override
    public RingPlan get(Channel channel, String name) {
        return stub(channel).getRingPlan(GetRingPlanRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<RingPlan> list(Channel channel, String parent, String pageToken) {
        var page =
                stub(channel)
                        .listRingPlans(
                                ListRingPlansRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getRingPlansList(), page.getNextPageToken());
    }

    @Override
    public RingPlan create(Channel channel, RingPlan ringPlan, Change change) {
        return stub(channel)
                .createRingPlan(
                        CreateRingPlanRequest.newBuilder()
                                .setRingPlanId(Shape.id(ringPlan.getName()))
                                .setRingPlan(ringPlan)
                                .setRequestId(change.requestId())
                                .setValidateOnly(change.validateOnly())
                                .build());
    }

    @Override
    public RingPlan update(Channel channel, RingPlan ringPlan, FieldMask mask, Change change) {
        var request =
                UpdateRingPlanRequest.newBuilder()
                        .setRingPlan(ringPlan)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateRingPlan(request.build());
    }

    @Override
    public void delete(Channel channel, String name, String etag, Change change) {
        var unused =
                stub(channel)
                        .deleteRingPlan(
                                DeleteRingPlanRequest.newBuilder()
                                        .setName(name)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
    }

    public static RingPlanServiceBlockingStub stub(Channel channel) {
        return RingPlanServiceGrpc.newBlockingStub(channel);
    }
}
