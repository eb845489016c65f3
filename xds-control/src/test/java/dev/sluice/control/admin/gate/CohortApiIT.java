package dev.sluice.control.admin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.Cohort;
import dev.sluice.admin.v1.CohortServiceGrpc;
import dev.sluice.admin.v1.CohortServiceGrpc.CohortServiceBlockingStub;
import dev.sluice.admin.v1.CreateCohortRequest;
import dev.sluice.admin.v1.DeleteCohortRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GetCohortRequest;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.ListCohortsRequest;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.PreviewGateRequest;
import dev.sluice.admin.v1.TestCohortRequest;
import dev.sluice.admin.v1.TestCohortResponse;
import dev.sluice.admin.v1.UpdateCohortRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.path.Outcome;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.CohortMatch;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cohorts over the wire, and gates that name them. */
class CohortApiIT {
    private static final String NAME = "cohorts/beta";
    private static final Cohort BETA =
            Cohort.newBuilder()
                    .addInclude(StringMatcher.newBuilder().setExact("alice"))
                    .addInclude(StringMatcher.newBuilder().setPrefix("qa-"))
                    .addExclude(StringMatcher.newBuilder().setExact("qa-7"))
                    .build();

    @TempDir private Path folder;
    private AdminPlane plane;
    private CohortServiceBlockingStub cohorts;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        cohorts = CohortServiceGrpc.newBlockingStub(plane.admin());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void shop() {
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("orders", "orders", 0)))) {
            assertThat(plane.path().submit(command, Fixtures.admin()).join())
                    .isInstanceOf(Outcome.Accepted.class);
        }
    }

    private Cohort create(Cohort cohort) {
        return cohorts.createCohort(
                CreateCohortRequest.newBuilder().setCohortId("beta").setCohort(cohort).build());
    }

    private Cohort get() {
        return cohorts.getCohort(GetCohortRequest.newBuilder().setName(NAME).build());
    }

    private Cohort change(Cohort cohort, boolean allowMoves) {
        return cohorts.updateCohort(
                UpdateCohortRequest.newBuilder()
                        .setCohort(cohort.toBuilder().setName(NAME))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("include"))
                        .setAllowMoves(allowMoves)
                        .setReason("they asked")
                        .build());
    }

    private TestCohortResponse test(String key) {
        return cohorts.testCohort(
                TestCohortRequest.newBuilder()
                        .setName(NAME)
                        .setKey(ByteString.copyFromUtf8(key))
                        .build());
    }

    private Gate gate() {
        return plane.gates().getGate(GetGateRequest.newBuilder().setName("gates/orders").build());
    }

    private Gate use(CohortMatch cohort) {
        return plane.gates()
                .updateGate(
                        UpdateGateRequest.newBuilder()
                                .setGate(
                                        Gate.newBuilder()
                                                .setName("gates/orders")
                                                .setEtag(gate().getEtag())
                                                .addRules(
                                                        Rule.newBuilder()
                                                                .setName("beta")
                                                                .setCohort(cohort)
                                                                .setArm(Arm.NEW)))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("rules"))
                                .build());
    }

    private String ruleOf(String key) {
        return plane.gates()
                .evaluateGate(
                        EvaluateGateRequest.newBuilder()
                                .setName("gates/orders")
                                .setKey(ByteString.copyFromUtf8(key))
                                .build())
                .getRule();
    }

    @Test
    void a_cohort_is_created_tested_changed_and_deleted() {
        Cohort created = create(BETA);
        assertThat(created.toBuilder().clearCreateTime().clearUpdateTime().clearEtag().build())
                .isEqualTo(BETA.toBuilder().setName(NAME).build());
        assertThat(cohorts.listCohorts(ListCohortsRequest.getDefaultInstance()).getCohortsList())
                .containsExactly(created);
        assertThat(test("qa-1").getMember()).isTrue();
        assertThat(test("qa-7").getExplanation()).isEqualTo("exclude[0] has the key");
        assertThat(test("").getMember()).as("no key").isFalse();

        Cohort more =
                change(
                        Cohort.newBuilder()
                                .addInclude(StringMatcher.newBuilder().setExact("bob"))
                                .build(),
                        false);
        assertThat(more.getIncludeList()).hasSize(1);
        assertThat(more.getExcludeList()).hasSize(1);
        var unused =
                cohorts.deleteCohort(
                        DeleteCohortRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(more.getEtag())
                                .build());
        assertThatThrownBy(this::get).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void a_gate_names_a_cohort_and_follows_it() {
        shop();
        create(BETA);
        CohortMatch named = CohortMatch.newBuilder().setName(NAME).build();

        Gate used = use(named);
        assertThat(used.getRules(0).getCohort()).as("the name alone").isEqualTo(named);
        assertThat(get().getGatesList()).containsExactly("gates/orders");
        assertThat(ruleOf("qa-1")).isEqualTo("beta");
        assertThat(ruleOf("bob")).isEmpty();
        assertThatThrownBy(() ->
                        change(
                                BETA.toBuilder()
                                        .addInclude(StringMatcher.newBuilder().setExact("x"))
                                        .build(),
                                false))
                .hasMessageContaining("etag");

        Cohort more =
                Cohort.newBuilder()
                        .setEtag(get().getEtag())
                        .addAllInclude(BETA.getIncludeList())
                        .addInclude(StringMatcher.newBuilder().setExact("bob"))
                        .build();
        change(more, false);

        assertThat(ruleOf("bob")).isEqualTo("beta");
        assertThat(gate().getRevision().getNumber()).isEqualTo(used.getRevision().getNumber() + 1);
        var revisions =
                plane.gates()
                        .listGateRevisions(
                                ListGateRevisionsRequest.newBuilder()
                                        .setName("gates/orders")
                                        .build());
        assertThat(revisions.getRevisions(0).getGate().getRules(0).getCohort().getIncludeList())
                .as("what it said then")
                .hasSize(3);
        assertThat(revisions.getRevisions(0).getReason()).isEqualTo("they asked");
        assertThat(revisions.getRevisions(1).getGate().getRules(0).getCohort().getIncludeList())
                .hasSize(2);
        assertThat(
                        plane.events()
                                .listEvents(ListEventsRequest.getDefaultInstance())
                                .getEventsList())
                .extracting(event -> event.getKind())
                .contains("cohort.put", "gates.revised");
        assertThatThrownBy(() ->
                        cohorts.deleteCohort(
                                DeleteCohortRequest.newBuilder().setName(NAME).build()))
                .hasMessageContaining("gates/orders");
    }

    @Test
    void keys_that_would_go_back_are_previewed_and_need_to_be_allowed() {
        shop();
        create(BETA);
        use(CohortMatch.newBuilder().setName(NAME).build());
        Cohort less =
                Cohort.newBuilder().setEtag(get().getEtag()).addInclude(BETA.getInclude(0)).build();

        assertThatThrownBy(() -> change(less, false)).hasMessageContaining("allow_moves");
        change(less, true);
        assertThat(ruleOf("qa-1")).isEmpty();
        var preview =
                plane.gates()
                        .previewGate(
                                PreviewGateRequest.newBuilder()
                                        .setGate(
                                                Gate.newBuilder()
                                                        .setName("gates/orders")
                                                        .addRules(
                                                                Rule.newBuilder()
                                                                        .setName("beta")
                                                                        .setCohort(
                                                                                CohortMatch
                                                                                        .newBuilder()
                                                                                        .setName(
                                                                                                NAME))
                                                                        .setArm(Arm.NEW)))
                                        .build());
        assertThat(preview.getNeedsAllowMoves()).as("the same cohort").isFalse();
    }

    @Test
    void a_rule_may_say_keys_itself_but_not_beside_a_name() {
        shop();
        create(BETA);
        CohortMatch own =
                CohortMatch.newBuilder()
                        .addInclude(StringMatcher.newBuilder().setExact("alice"))
                        .build();

        assertThat(use(own).getRules(0).getCohort()).isEqualTo(own);
        assertThatThrownBy(() -> use(own.toBuilder().setName(NAME).build()))
                .hasMessageContaining("rules[0].cohort");
        assertThatThrownBy(() ->
                        use(
                                CohortMatch.newBuilder()
                                        .setName(NAME)
                                        .setMatch(RuleMatch.newBuilder().addMethods("GET"))
                                        .build()))
                .hasMessageContaining("rules[0].cohort");
        assertThatThrownBy(() -> use(CohortMatch.newBuilder().setName("cohorts/none").build()))
                .hasMessageContaining("rules[0].cohort.name");
        assertThatThrownBy(() -> create(Cohort.newBuilder().addInclude(matcher("")).build()))
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    private static StringMatcher matcher(String regex) {
        return StringMatcher.newBuilder()
                .setSafeRegex(
                        io.envoyproxy.envoy.type.matcher.v3.RegexMatcher.newBuilder()
                                .setRegex(regex + "["))
                .build();
    }
}
