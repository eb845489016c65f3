package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceBlockingStub;
import dev.sluice.admin.v1.ApproveMigrationRequest;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.BreakGlassRequest;
import dev.sluice.admin.v1.CreateMigrationRequest;
import dev.sluice.admin.v1.GetApprovalPolicyRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListApprovalPoliciesRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.RejectMigrationRequest;
import dev.sluice.admin.v1.ReviewBreakGlassRequest;
import dev.sluice.admin.v1.UpdateApprovalPolicyRequest;
import dev.sluice.admin.v1.WithdrawAnswerRequest;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.governance.User;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Approvals over the wire, by users with roles and groups of their own. */
class ApprovalApiIT {
    private static final String NAME = "migrations/orders-v2";
    private static final String POLICY = "approvalPolicies/low";

    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane =
                new AdminPlane(
                        folder,
                        List.of(
                                new User(
                                        "olga",
                                        new Rights(Set.of(Role.OPERATOR, Role.APPROVER), Set.of())),
                                new User("ada", new Rights(Set.of(Role.APPROVER), Set.of("dba"))),
                                new User("bob", new Rights(Set.of(Role.APPROVER), Set.of()))));
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("orders", "orders", 0)))) {
            plane.path().submit(command, Fixtures.admin()).join();
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_plan_goes_on_once_others_than_its_author_approved_it() {
        ApprovalPolicy policy = ask();
        assertThat(policy.getEtag()).isNotEmpty();
        create();
        assertThat(blockers()).hasSize(2);
        String plan = get().getPlanDigest();

        assertThatThrownBy(() -> approve("olga", plan))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("olga wrote [olga]");
        assertThatThrownBy(() -> approve("ada", "it"))
                .hasMessageContaining("INVALID_ARGUMENT: plan_digest");
        approve("bob", plan);
        assertThat(blockers())
                .extracting(Blocker::getExpected)
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("2 approvals"),
                        other -> assertThat(other).contains("group dba"));
        assertThatThrownBy(this::advance).hasMessageContaining("FAILED_PRECONDITION");

        Migration approved = approve("ada", plan);
        assertThat(approved.getAuthorsList()).containsExactly("olga");
        assertThat(approved.getAnswersList())
                .extracting(ApprovalAnswer::getPrincipal)
                .containsExactly("bob", "ada");
        assertThat(approved.getAnswers(1).getGroupsList()).containsExactly("dba");
        assertThat(blockers()).isEmpty();
        assertThat(advance().getProgress()).isEqualTo(Migration.Progress.STEPPING);
    }

    @Test
    void a_no_holds_it_until_it_is_withdrawn() {
        create();
        RejectMigrationRequest no =
                RejectMigrationRequest.newBuilder()
                        .setName(NAME)
                        .setPlanDigest(get().getPlanDigest())
                        .setReason("no index")
                        .build();
        Migration checked =
                approvals("ada").rejectMigration(no.toBuilder().setValidateOnly(true).build());
        assertThat(checked.getAnswersCount()).isEqualTo(1);
        assertThat(get().getAnswersList()).as("only validated").isEmpty();
        assertThatThrownBy(() ->
                        approvals("ada")
                                .rejectMigration(
                                        no.toBuilder()
                                                .setPlanDigest("0".repeat(64))
                                                .setValidateOnly(true)
                                                .build()))
                .hasMessageContaining("plan_digest");
        Migration rejected = approvals("ada").rejectMigration(no);
        assertThat(rejected.getAnswers(0).getAnswer()).isEqualTo(ApprovalAnswer.Answer.REJECTED);
        assertThat(blockers())
                .singleElement()
                .satisfies(blocker -> assertThat(blocker.getGot()).contains("ada: no index"));

        var back = WithdrawAnswerRequest.newBuilder().setName(NAME).setValidateOnly(true);
        assertThat(approvals("ada").withdrawAnswer(back.build()).getAnswersList()).isEmpty();
        assertThat(blockers()).as("only validated").hasSize(1);
        var unused = approvals("ada").withdrawAnswer(back.setValidateOnly(false).build());
        assertThat(blockers()).isEmpty();
    }

    @Test
    void an_admin_breaks_the_glass_and_another_reviews_it() {
        var unused = ask();
        create();
        BreakGlassRequest.Builder request =
                BreakGlassRequest.newBuilder()
                        .setName(NAME)
                        .setEtag(get().getEtag())
                        .setReason("the old disk fills");
        assertThatThrownBy(() -> approvals("ada").breakGlass(request.build()))
                .hasMessageContaining("PERMISSION_DENIED");

        Migration broken =
                ApprovalServiceGrpc.newBlockingStub(plane.admin()).breakGlass(request.build());
        assertThat(broken.getUnreviewedList())
                .singleElement()
                .satisfies(glass -> {
                    assertThat(glass.getPrincipal()).isEqualTo("admin");
                    assertThat(glass.getReason()).isEqualTo("the old disk fills");
                    assertThat(glass.getOverriddenList()).hasSize(2);
                });
        Migration reviewed =
                approvals("ada")
                        .reviewBreakGlass(
                                ReviewBreakGlassRequest.newBuilder()
                                        .setName(NAME)
                                        .setSeq(broken.getUnreviewed(0).getSeq())
                                        .setReason("it was right")
                                        .build());
        assertThat(reviewed.getUnreviewedList()).isEmpty();
    }

    @Test
    void there_is_a_policy_for_each_risk_and_no_other() {
        assertThat(
                        approvals("ada")
                                .listApprovalPolicies(
                                        ListApprovalPoliciesRequest.getDefaultInstance())
                                .getApprovalPoliciesList())
                .extracting(ApprovalPolicy::getName)
                .containsExactly(
                        "approvalPolicies/low",
                        "approvalPolicies/medium",
                        "approvalPolicies/high",
                        "approvalPolicies/critical");
        ApprovalPolicy set = ask();
        assertThat(policy(POLICY)).isEqualTo(set);
        assertThat(set.getQuorum()).isEqualTo(2);
        assertThat(set.getValidity().getSeconds()).as("the default stays").isEqualTo(604_800);
        assertThatThrownBy(() -> policy("approvalPolicies/none"))
                .hasMessageContaining("INVALID_ARGUMENT: name");
    }

    private ApprovalPolicy ask() {
        return ApprovalServiceGrpc.newBlockingStub(plane.admin())
                .updateApprovalPolicy(
                        UpdateApprovalPolicyRequest.newBuilder()
                                .setApprovalPolicy(
                                        ApprovalPolicy.newBuilder()
                                                .setName(POLICY)
                                                .setQuorum(2)
                                                .addGroups("dba")
                                                .setLeastSoak(Duration.newBuilder().setSeconds(60)))
                                .setUpdateMask(
                                        FieldMask.newBuilder()
                                                .addPaths("quorum")
                                                .addPaths("groups")
                                                .addPaths("least_soak"))
                                .build());
    }

    private ApprovalPolicy policy(String name) {
        return approvals("ada")
                .getApprovalPolicy(GetApprovalPolicyRequest.newBuilder().setName(name).build());
    }

    private void create() {
        var unused =
                MigrationServiceGrpc.newBlockingStub(plane.withToken("olga"))
                        .createMigration(
                                CreateMigrationRequest.newBuilder()
                                        .setMigrationId("orders-v2")
                                        .setMigration(
                                                Migration.newBuilder()
                                                        .setTarget("gates/orders")
                                                        .setStore(Migration.StoreKind.SHARED)
                                                        .setRisk(Migration.Risk.LOW)
                                                        .addTables("db/orders"))
                                        .build());
    }

    private Migration approve(String user, String plan) {
        return approvals(user)
                .approveMigration(
                        ApproveMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setPlanDigest(plan)
                                .build());
    }

    private Migration advance() {
        return MigrationServiceGrpc.newBlockingStub(plane.withToken("olga"))
                .advanceMigration(
                        AdvanceMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(get().getEtag())
                                .build());
    }

    private Migration get() {
        return plane.migrations()
                .getMigration(GetMigrationRequest.newBuilder().setName(NAME).build());
    }

    private List<Blocker> blockers() {
        return plane.migrations()
                .listBlockers(ListBlockersRequest.newBuilder().setName(NAME).build())
                .getBlockersList();
    }

    private ApprovalServiceBlockingStub approvals(String user) {
        return ApprovalServiceGrpc.newBlockingStub(plane.withToken(user));
    }
}
