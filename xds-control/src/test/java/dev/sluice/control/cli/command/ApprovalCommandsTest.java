package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import dev.sluice.admin.v1.ApproveMigrationRequest;
import dev.sluice.admin.v1.BreakGlassRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesResponse;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.RejectMigrationRequest;
import dev.sluice.admin.v1.ReviewBreakGlassRequest;
import dev.sluice.admin.v1.UpdateApprovalPolicyRequest;
import dev.sluice.admin.v1.WithdrawAnswerRequest;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.cli.session.ExitCode;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalCommandsTest {
    private static final String NAME = "migrations/m";
    private static final String DIGEST = "ab".repeat(32);
    private static final Migration PRESENT =
            Migration.newBuilder()
                    .setName(NAME)
                    .setEtag("e1")
                    .setPlanDigest(DIGEST)
                    .addAnswers(
                            ApprovalAnswer.newBuilder()
                                    .setPrincipal("ada")
                                    .setAnswer(ApprovalAnswer.Answer.APPROVED)
                                    .addGroups("dba"))
                    .build();

    private final List<Message> requests = new ArrayList<>();
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(new Approvals(), new OneMigration());
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void what_was_said_is_listed_with_the_digest_to_answer() {
        CommandRun.Result listed = run("approval", "list", "m");

        assertThat(listed.out()).contains("ada", "APPROVED", "dba");
        assertThat(listed.out() + listed.err()).contains("plan " + DIGEST);
    }

    @Test
    void answers_name_the_plan_that_was_looked_at() {
        run("approval", "approve", "m", "--plan", DIGEST);
        run("approval", "reject", "m", "--plan", DIGEST, "--reason", "no index");
        run("approval", "withdraw", "m");

        assertThat(requests)
                .containsExactly(
                        ApproveMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setPlanDigest(DIGEST)
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build(),
                        RejectMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setPlanDigest(DIGEST)
                                .setReason("no index")
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build(),
                        WithdrawAnswerRequest.newBuilder()
                                .setName(NAME)
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build());
        assertThat(cli.run("approval", "approve", "m").exitCode())
                .as("without a digest")
                .isEqualTo(ExitCode.INVALID.number());
    }

    @Test
    void the_glass_is_broken_with_a_reason_on_what_is_there_now() {
        run("approval", "break-glass", "m", "--reason", "the disk fills");
        run("approval", "review", "m", "17", "--reason", "it was right");

        assertThat(requests)
                .containsExactly(
                        BreakGlassRequest.newBuilder()
                                .setName(NAME)
                                .setEtag("e1")
                                .setReason("the disk fills")
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build(),
                        ReviewBreakGlassRequest.newBuilder()
                                .setName(NAME)
                                .setSeq(17)
                                .setReason("it was right")
                                .setRequestId(CommandRun.REQUEST_ID.toString())
                                .build());
        assertThat(cli.run("approval", "break-glass", "m").exitCode())
                .as("without a reason")
                .isEqualTo(ExitCode.INVALID.number());
    }

    @Test
    void a_duration_that_is_none_is_told_with_what_would_be_one() {
        CommandRun.Result wrong = cli.run("approval", "policy", "low", "--validity", "soon");
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.INVALID.number());
        assertThat(wrong.err())
                .contains("got 'soon', expected a time such as 90s, 15m, 4h or 7d, or PT1H30M")
                .doesNotContain("java");
    }

    @Test
    void of_a_policy_only_what_is_given_changes() {
        run(
                "approval",
                "policy",
                "HIGH",
                "--quorum=2",
                "--group=dba",
                "--group=ops",
                "--validity=1d",
                "--least-soak=PT1H");
        run("approval", "policy", "low", "--quorum=0");

        UpdateApprovalPolicyRequest whole = (UpdateApprovalPolicyRequest) requests.get(0);
        assertThat(whole.getApprovalPolicy().getName()).isEqualTo("approvalPolicies/high");
        assertThat(whole.getApprovalPolicy().getGroupsList()).containsExactly("dba", "ops");
        assertThat(whole.getApprovalPolicy().getValidity().getSeconds()).isEqualTo(86_400);
        assertThat(whole.getUpdateMask().getPathsList())
                .containsExactly("quorum", "groups", "validity", "least_soak");
        UpdateApprovalPolicyRequest part = (UpdateApprovalPolicyRequest) requests.get(1);
        assertThat(part.getUpdateMask().getPathsList()).containsExactly("quorum");
        assertThat(cli.run("approval", "policy", "low"))
                .satisfies(nothing -> {
                    assertThat(nothing.exitCode()).isEqualTo(ExitCode.INVALID.number());
                    assertThat(nothing.err()).contains("nothing to change");
                });
        assertThat(run("approval", "policies").out()).contains("approvalPolicies/critical");
    }

    @Test
    void board_margins_and_escalation_are_given_or_taken_away() {
        run(
                "approval",
                "policy",
                "HIGH",
                "--board=sec",
                "--board=legal",
                "--board-phase=CONTRACT",
                "--most-harm-budget=500",
                "--least-keys=2000",
                "--escalate-after=PT4H");
        run(
                "approval",
                "policy",
                "HIGH",
                "--board=",
                "--most-harm-budget=0",
                "--escalate-after=PT0S");

        UpdateApprovalPolicyRequest given = (UpdateApprovalPolicyRequest) requests.get(0);
        ApprovalPolicy policy = given.getApprovalPolicy();
        assertThat(policy.getBoard().getGroupsList()).containsExactly("sec", "legal");
        assertThat(policy.getBoard().getPhasesList()).containsExactly(Phase.CONTRACT);
        assertThat(policy.getMargins().getMostHarmBudgetPpm()).isEqualTo(500);
        assertThat(policy.getMargins().getLeastMinKeys()).isEqualTo(2_000);
        assertThat(policy.getEscalateAfter().getSeconds()).isEqualTo(14_400);
        assertThat(given.getUpdateMask().getPathsList())
                .containsExactly("board", "margins", "escalate_after");
        UpdateApprovalPolicyRequest taken = (UpdateApprovalPolicyRequest) requests.get(1);
        assertThat(taken.getApprovalPolicy())
                .as("nothing but the name")
                .isEqualTo(ApprovalPolicy.newBuilder().setName("approvalPolicies/high").build());
        assertThat(taken.getUpdateMask().getPathsList())
                .containsExactly("board", "margins", "escalate_after");
    }

    private CommandRun.Result run(String... args) {
        CommandRun.Result result = cli.run(args);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    /** Notes each request and answers with the one migration. */
    private final class Approvals extends ApprovalServiceImplBase {
        private void note(Message request, StreamObserver<Migration> observer) {
            requests.add(request);
            observer.onNext(PRESENT);
            observer.onCompleted();
        }

        @Override
        public void approveMigration(
                ApproveMigrationRequest request, StreamObserver<Migration> observer) {
            note(request, observer);
        }

        @Override
        public void rejectMigration(
                RejectMigrationRequest request, StreamObserver<Migration> observer) {
            note(request, observer);
        }

        @Override
        public void withdrawAnswer(
                WithdrawAnswerRequest request, StreamObserver<Migration> observer) {
            note(request, observer);
        }

        @Override
        public void breakGlass(BreakGlassRequest request, StreamObserver<Migration> observer) {
            note(request, observer);
        }

        @Override
        public void reviewBreakGlass(
                ReviewBreakGlassRequest request, StreamObserver<Migration> observer) {
            note(request, observer);
        }

        @Override
        public void updateApprovalPolicy(
                UpdateApprovalPolicyRequest request, StreamObserver<ApprovalPolicy> observer) {
            requests.add(request);
            observer.onNext(request.getApprovalPolicy());
            observer.onCompleted();
        }

        @Override
        public void listApprovalPolicies(
                ListApprovalPoliciesRequest request,
                StreamObserver<ListApprovalPoliciesResponse> observer) {
            observer.onNext(
                    ListApprovalPoliciesResponse.newBuilder()
                            .addApprovalPolicies(
                                    ApprovalPolicy.newBuilder()
                                            .setName("approvalPolicies/critical"))
                            .build());
            observer.onCompleted();
        }
    }

    private static final class OneMigration extends MigrationServiceImplBase {
        @Override
        public void getMigration(GetMigrationRequest request, StreamObserver<Migration> observer) {
            observer.onNext(PRESENT);
            observer.onCompleted();
        }
    }
}
