package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceBlockingStub;
import dev.sluice.admin.v1.GetApprovalPolicyRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesRequest;
import dev.sluice.admin.v1.UpdateApprovalPolicyRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/**
 * What migrations of each risk need: always four, so that none is created or deleted. Immutable.
 */
public final class ApprovalPolicies implements Updated<ApprovalPolicy> {
    public static final Shape SHAPE = new Shape(List.of("approvalPolicies"));

    @Override
    public String noun() {
        return "approvalpolicy";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public ApprovalPolicy prototype() {
        return ApprovalPolicy.getDefaultInstance();
    }

    @Override
    public List<Column<ApprovalPolicy>> columns(Words words) {
        return List.of(
                new Column<>("NAME", ApprovalPolicy::getName),
                new Column<>("QUORUM", policy -> Integer.toString(policy.getQuorum())),
                new Column<>("GROUPS", policy -> String.join(",", policy.getGroupsList())),
                new Column<>("VALIDITY", policy -> Words.duration(policy.getValidity())),
                new Column<>("LEAST SOAK", policy -> Words.duration(policy.getLeastSoak())),
                new Column<>("BOARD", policy -> Words.joined(policy.getBoard().getGroupsList())),
                new Column<>("MOST HARM", ApprovalPolicies::mostHarm),
                new Column<>("ESCALATED AFTER", ApprovalPolicies::escalated));
    }

    private static String mostHarm(ApprovalPolicy policy) {
        return policy.hasMargins()
                ? policy.getMargins().getMostHarmBudgetPpm() + " ppm"
                : Words.orDash("");
    }

    private static String escalated(ApprovalPolicy policy) {
        return policy.hasEscalateAfter()
                ? Words.duration(policy.getEscalateAfter())
                : Words.orDash("");
    }

    @Override
    public ApprovalPolicy get(Channel channel, String name) {
        return stub(channel)
                .getApprovalPolicy(GetApprovalPolicyRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<ApprovalPolicy> list(Channel channel, String parent, String pageToken) {
        return new Listing<>(
                stub(channel)
                        .listApprovalPolicies(ListApprovalPoliciesRequest.getDefaultInstance())
                        .getApprovalPoliciesList(),
                "");
    }

    @Override
    public ApprovalPolicy update(
            Channel channel, ApprovalPolicy policy, FieldMask mask, Change change) {
        var request =
                UpdateApprovalPolicyRequest.newBuilder()
                        .setApprovalPolicy(policy)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        if (mask.getPathsCount() > 0) {
            request.setUpdateMask(mask);
        }
        return stub(channel).updateApprovalPolicy(request.build());
    }

    private static ApprovalServiceBlockingStub stub(Channel channel) {
        return ApprovalServiceGrpc.newBlockingStub(channel);
    }
}
