package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import dev.sluice.admin.v1.ApproveMigrationRequest;
import dev.sluice.admin.v1.BreakGlassRequest;
import dev.sluice.admin.v1.GetApprovalPolicyRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesResponse;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.RejectMigrationRequest;
import dev.sluice.admin.v1.ReviewBreakGlassRequest;
import dev.sluice.admin.v1.UpdateApprovalPolicyRequest;
import dev.sluice.admin.v1.WatchApprovalsRequest;
import dev.sluice.admin.v1.WithdrawAnswerRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.governance.Governance;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Who must say yes, and who did, over gRPC. Thread-safe. */
public final class ApprovalApi extends ApprovalServiceImplBase {
    private static final ApprovalPolicyForm POLICY = new ApprovalPolicyForm();
    private static final MigrationForm MIGRATION = new MigrationForm(JudgeForm.CONTENT);

    private final Desk desk;
    private final Governance governance;
    private final StateStreams streams;
    private final Function<dev.sluice.control.catalog.Migration, List<Refusal>> blockers;

    /**
     * @param governance knows the groups of those who answer
     * @param blockers what stands against the next phase of a migration
     */
    public ApprovalApi(
            Desk desk,
            Governance governance,
            StateStreams streams,
            Function<dev.sluice.control.catalog.Migration, List<Refusal>> blockers) {
        this.streams = streams;
        this.blockers = blockers;
        this.desk = desk;
        this.governance = governance;
    }

    @Override
    public void getApprovalPolicy(
            GetApprovalPolicyRequest request, StreamObserver<ApprovalPolicy> observer) {
        Desk.done(POLICY.write(policy(request.getName()), desk.now()), observer);
    }

    @Override
    public void listApprovalPolicies(
            ListApprovalPoliciesRequest request,
            StreamObserver<ListApprovalPoliciesResponse> observer) {
        var catalog = desk.now();
        var answer = ListApprovalPoliciesResponse.newBuilder();
        for (Risk risk : Risk.values()) {
            answer.addApprovalPolicies(POLICY.write(catalog.approvalPolicy(risk), catalog));
        }
        Desk.done(answer.build(), observer);
    }

    @Override
    public void updateApprovalPolicy(
            UpdateApprovalPolicyRequest request, StreamObserver<ApprovalPolicy> observer) {
        ApprovalPolicy wanted = request.getApprovalPolicy();
        var present = policy(wanted.getName());
        desk.update(
                POLICY,
                present,
                wanted,
                request.getUpdateMask(),
                Command.PutApprovalPolicy::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.ApprovalPolicy.class,
                observer);
    }

    @Override
    public void watchApprovals(
            WatchApprovalsRequest request, StreamObserver<ApprovalChange> observer) {
        streams.open(observer, new ApprovalChanges(blockers).shape());
    }

    @Override
    public void approveMigration(
            ApproveMigrationRequest request, StreamObserver<Migration> observer) {
        answer(
                request.getName(),
                request.getPlanDigest(),
                Answer.APPROVED,
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void rejectMigration(
            RejectMigrationRequest request, StreamObserver<Migration> observer) {
        answer(
                request.getName(),
                request.getPlanDigest(),
                Answer.REJECTED,
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void withdrawAnswer(WithdrawAnswerRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.WithdrawAnswer(name(request.getName())),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    @Override
    public void breakGlass(BreakGlassRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.BreakGlass(name(request.getName())),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                observer);
    }

    @Override
    public void reviewBreakGlass(
            ReviewBreakGlassRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.ReviewBreakGlass(name(request.getName()), request.getSeq()),
                Conditions.because(
                        request.getReason(), request.getRequestId(), request.getValidateOnly()),
                observer);
    }

    private void answer(
            String name,
            String plan,
            Answer answer,
            Conditions conditions,
            StreamObserver<Migration> observer) {
        Problems problems = Problems.root();
        Optional<MigrationName> migration = MigrationName.parse(name, problems.field("name"));
        if (!plan.matches("[0-9a-f]{64}")) {
            problems.field("plan_digest")
                    .add(
                            Problem.quote(plan),
                            "64 lower-case hex digits",
                            "give the plan_digest of the migration that you looked at");
        }
        Desk.refuseIfAny(problems.all());
        change(
                new Command.AnswerMigration(
                        migration.orElseThrow(),
                        new Digest(plan),
                        answer,
                        governance.groupsOf(Caller.current())),
                conditions,
                observer);
    }

    private dev.sluice.control.catalog.ApprovalPolicy policy(String name) {
        Problems problems = Problems.root();
        Optional<Risk> risk = ApprovalPolicyForm.risk(name, problems.field("name"));
        Desk.refuseIfAny(problems.all());
        return desk.now().approvalPolicy(risk.orElseThrow());
    }

    private void change(
            Command command, Conditions conditions, StreamObserver<Migration> observer) {
        desk.change(
                MIGRATION,
                command,
                conditions,
                dev.sluice.control.catalog.Migration.class,
                observer);
    }

    private static MigrationName name(String text) {
        return Desk.name(MigrationName.parse(text));
    }
}
