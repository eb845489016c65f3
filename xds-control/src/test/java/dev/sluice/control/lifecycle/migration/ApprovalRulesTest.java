package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Consent;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Principal.AuthMethod;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.ApprovalPolicySpec.Board;
import dev.sluice.control.change.spec.ApprovalPolicySpec.Margins;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalRulesTest {
    private static final MigrationName NAME = new MigrationName("m");
    private static final Duration DAY = Duration.ofDays(1);

    private final World world = World.shop(0);
    private Instant now = Fixtures.START;

    @BeforeEach
    void plan() {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"))));
    }

    @Test
    void without_a_policy_nobody_is_asked() {
        assertThat(blockers()).isEmpty();
        assertThat(world.catalog().approvalPolicy(Risk.HIGH).spec())
                .isEqualTo(ApprovalPolicySpec.none(Risk.HIGH));
    }

    @Test
    void a_policy_is_of_its_risk_alone() {
        ask(Risk.LOW, 2);

        assertThat(blockers()).isEmpty();
    }

    @Test
    void as_many_must_say_yes_as_the_risk_asks_for() {
        ask(Risk.HIGH, 2);
        approve("ada");
        assertThat(blockers())
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("[ada]", "2 approvals"));

        approve("ada");
        assertThat(blockers()).as("the same again").hasSize(1);

        approve("bob");
        assertThat(blockers()).isEmpty();
        advance();
    }

    @Test
    void each_group_must_have_one_of_its_own_among_them() {
        world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                Risk.HIGH, 1, List.of("ops", "dba"), DAY, Duration.ZERO)));
        assertThat(blockers()).hasSize(3);

        approve("ada", "dba");
        assertThat(blockers())
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("the group ops", "[ada]"));

        approve("ada", "dba", "ops");
        assertThat(blockers()).as("one of both").isEmpty();
    }

    @Test
    void nobody_approves_what_it_wrote_any_part_of() {
        ask(Risk.HIGH, 1);
        edit("ada", "first");
        edit("bob", "second");

        for (String author : List.of("admin", "ada", "bob")) {
            assertThat(world.refuse(answer(Answer.APPROVED), by(author)))
                    .as(author)
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.DENIED);
                        assertThat(refusal.problem().got()).contains(author);
                    });
        }
        world.accept(answer(Answer.REJECTED), by("ada"));
        approve("cyd");
        assertThat(blockers()).singleElement().asString().contains("rejected by ada");
    }

    @Test
    void an_edited_plan_needs_approval_anew_even_when_edited_back() {
        ask(Risk.HIGH, 1);
        approve("ada");
        Digest first = consent().plan();

        edit("bob", "other");
        assertThat(blockers()).hasSize(1);
        edit("bob", "");
        assertThat(blockers()).as("edited back").hasSize(1);
        assertThat(consent().plan()).isNotEqualTo(first);
        assertThat(
                        world.refuse(
                                new Command.AnswerMigration(NAME, first, Answer.APPROVED, Set.of()),
                                by("ada")))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("plan_digest");
                    assertThat(refusal.problem().expected()).contains(consent().plan().hex());
                });
    }

    @Test
    void an_approval_ends_after_its_validity() {
        ask(Risk.HIGH, 1);
        approve("ada");

        now = Fixtures.START.plus(DAY).minusNanos(1);
        assertThat(blockers()).isEmpty();
        now = Fixtures.START.plus(DAY);
        assertThat(blockers()).hasSize(1);
        approve("ada");
        assertThat(blockers()).as("given again").isEmpty();
    }

    @Test
    void a_rejection_stands_until_it_is_withdrawn_or_turned() {
        ask(Risk.HIGH, 1);
        approve("ada");
        world.accept(answer(Answer.REJECTED), by("bob"));
        assertThat(blockers()).singleElement().asString().contains("rejected by bob: a reason");

        world.accept(new Command.WithdrawAnswer(NAME), by("bob"));
        assertThat(blockers()).isEmpty();
        assertThat(world.refuse(new Command.WithdrawAnswer(NAME), by("bob"))).hasSize(1);

        world.accept(answer(Answer.REJECTED), by("bob"));
        approve("bob");
        assertThat(blockers()).isEmpty();
        assertThat(world.refuse(answer(Answer.REJECTED), by("bob").withReason("")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().path()).isEqualTo("reason"));
    }

    @Test
    void the_glass_breaks_over_people_only_and_is_mended_by_another() {
        ask(Risk.HIGH, 1);

        world.accept(new Command.BreakGlass(NAME), careful("admin"));

        assertThat(migration().progress()).isEqualTo(Phase.Progress.STEPPING);
        long seq = consent().unreviewed().getFirst().seq();
        assertThat(consent().unreviewed().getFirst().overridden())
                .singleElement()
                .asString()
                .contains("1 approvals of plan");
        assertThat(blockers()).anySatisfy(problem -> assertThat(problem).contains("glass broken"));
        assertThat(world.refuse(new Command.BreakGlass(NAME), careful("admin")))
                .as("what is not of people still counts")
                .extracting(refusal -> refusal.problem().path())
                .contains("progress");
        assertThat(world.refuse(new Command.ReviewBreakGlass(NAME, seq), by("admin")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.DENIED));
        assertThat(world.refuse(new Command.ReviewBreakGlass(NAME, seq + 1), by("ada")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().path()).isEqualTo("seq"));
        world.accept(new Command.ReviewBreakGlass(NAME, seq), by("ada"));
        assertThat(consent().unreviewed()).isEmpty();
        assertThat(migration().timeline().getLast().what()).contains("event " + seq);
    }

    @Test
    void the_glass_is_not_broken_for_nothing_nor_without_a_reason_or_blindly() {
        assertThat(world.refuse(new Command.BreakGlass(NAME), careful("admin")))
                .singleElement()
                .satisfies(
                        refusal -> assertThat(refusal.problem().remedy()).contains("advance it"));
        ask(Risk.HIGH, 1);
        assertThat(world.refuse(new Command.BreakGlass(NAME), by("admin").withReason("")))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("etag", "reason");
        world.accept(new Command.PauseMigration(NAME));
        assertThat(world.refuse(new Command.BreakGlass(NAME), careful("admin")))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("state");
    }

    @Test
    void a_policy_that_is_loosened_loosens_nothing_that_has_begun() {
        ask(Risk.HIGH, 1);
        approve("ada");
        advance();
        ask(Risk.HIGH, 0);

        world.accept(new Command.WithdrawAnswer(NAME), by("ada"));
        assertThat(blockers())
                .as("bound by what was asked")
                .anySatisfy(text -> assertThat(text).contains("1 approvals"));
        assertThat(world.catalog().policyOf(migration()).quorum()).isEqualTo(1);

        ask(Risk.HIGH, 3);
        ask(Risk.HIGH, 2);
        assertThat(world.catalog().policyOf(migration()).quorum()).as("the most").isEqualTo(3);
    }

    @Test
    void a_risk_that_is_talked_down_loosens_nothing_that_has_begun() {
        ask(Risk.HIGH, 1);
        approve("ada");
        advance();
        MigrationSpec spec = migration().spec();
        world.accept(
                new Command.UpdateMigration(Fixtures.with(spec, Risk.LOW, MigrationProfile.EMPTY)),
                careful("bob"));

        assertThat(world.catalog().policyOf(migration()).quorum()).isEqualTo(1);
        assertThat(blockers()).anySatisfy(text -> assertThat(text).contains("1 approvals"));
    }

    @Test
    void a_board_must_review_what_the_policy_says() {
        world.accept(
                new Command.PutApprovalPolicy(
                        further(new Board(List.of("cab"), List.of(Phase.BACKFILL)))),
                Fixtures.admin());
        assertThat(blockers()).as("it begins without").isEmpty();
        advance();

        assertThat(blockers()).anySatisfy(text -> assertThat(text).contains("board cab"));
        approve("ada", "dba");
        assertThat(blockers()).anySatisfy(text -> assertThat(text).contains("board cab"));
        approve("bob", "cab");
        assertThat(blockers()).noneSatisfy(text -> assertThat(text).contains("board cab"));
    }

    @Test
    void a_ramp_is_judged_no_less_strictly_than_the_policy_asks() {
        world.accept(
                new Command.PutApprovalPolicy(
                        further(new Board(List.of("cab"), List.of(Phase.DONE)))),
                Fixtures.admin());
        MigrationMoves moves =
                new MigrationMoves(
                        migration(),
                        new ShareRules(world.catalog(), FleetReport.SILENT, by("admin"), 1));

        JudgePolicy judge = moves.rampOf(PhaseRule.of(StoreKind.SHARED, Phase.RAMP)).judge();

        assertThat(judge.harmBudgetPpm()).isEqualTo(500);
        assertThat(judge.minKeys()).isEqualTo(4_000);
        assertThat(judge.alphaPpm()).isEqualTo(JudgePolicy.DEFAULT.alphaPpm());
    }

    @Test
    void of_two_policies_each_field_asks_for_the_more() {
        ApprovalPolicySpec one = further(new Board(List.of("cab"), List.of(Phase.DRAIN)));
        ApprovalPolicySpec other =
                new ApprovalPolicySpec(
                        Risk.HIGH,
                        2,
                        List.of("dba"),
                        DAY.dividedBy(2),
                        DAY,
                        Optional.of(new Board(List.of("sec"), List.of(Phase.CONTRACT))),
                        Optional.of(new Margins(900, 9_000)),
                        Optional.of(DAY.multipliedBy(2)));

        ApprovalPolicySpec both = one.and(other);

        assertThat(both).isEqualTo(other.and(one));
        assertThat(both)
                .isEqualTo(
                        new ApprovalPolicySpec(
                                Risk.HIGH,
                                2,
                                List.of("dba"),
                                DAY.dividedBy(2),
                                DAY,
                                Optional.of(
                                        new Board(
                                                List.of("cab", "sec"),
                                                List.of(Phase.DRAIN, Phase.CONTRACT))),
                                Optional.of(new Margins(500, 9_000)),
                                Optional.of(DAY)));
        ApprovalPolicySpec every = further(new Board(List.of("cab"), List.of()));
        assertThat(one.and(every).board().orElseThrow().phases()).as("all").isEmpty();
        assertThat(every.and(one).board().orElseThrow().phases()).as("all").isEmpty();
        assertThat(ApprovalPolicySpec.none(Risk.HIGH).and(one).board()).isEqualTo(one.board());
        assertThat(one.and(ApprovalPolicySpec.none(Risk.HIGH)).margins()).isEqualTo(one.margins());
    }

    private static ApprovalPolicySpec further(Board board) {
        return new ApprovalPolicySpec(
                Risk.HIGH,
                0,
                List.of(),
                DAY,
                Duration.ZERO,
                Optional.of(board),
                Optional.of(new Margins(500, 4_000)),
                Optional.of(DAY));
    }

    @Test
    void what_is_over_is_not_approved() {
        world.accept(new Command.RollbackMigration(NAME));

        assertThat(world.refuse(answer(Answer.APPROVED), by("ada")))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("state");
        assertThat(world.refuse(new Command.WithdrawAnswer(new MigrationName("none")), by("ada")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.NOT_FOUND));
    }

    @Test
    void every_number_of_a_policy_has_its_range() {
        assertThat(
                        world.refuse(
                                new Command.PutApprovalPolicy(
                                        new ApprovalPolicySpec(
                                                Risk.HIGH,
                                                17,
                                                List.of(""),
                                                Duration.ZERO,
                                                Duration.ofDays(91),
                                                Optional.of(new Board(List.of(), List.of())),
                                                Optional.of(new Margins(0, -1)),
                                                Optional.of(Duration.ZERO)))))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly(
                        "quorum",
                        "groups",
                        "validity",
                        "least_soak",
                        "escalate_after",
                        "board.groups",
                        "margins.most_harm_budget_ppm",
                        "margins.least_min_keys");
        assertThat(
                        world.refuse(
                                new Command.PutApprovalPolicy(
                                        further(new Board(List.of(""), List.of())))))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("board.groups");
        assertThat(
                        world.refuse(
                                new Command.PutApprovalPolicy(ApprovalPolicySpec.none(Risk.HIGH)),
                                Fixtures.admin().withEtag("old")))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.ABORTED));
        assertThat(
                        world.accept(
                                new Command.PutApprovalPolicy(ApprovalPolicySpec.none(Risk.HIGH)),
                                Fixtures.admin()))
                .as("nothing changes")
                .isEmpty();
    }

    private void ask(Risk risk, int quorum) {
        world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(risk, quorum, List.of(), DAY, Duration.ZERO)),
                Fixtures.admin());
    }

    private void approve(String who, String... groups) {
        world.accept(
                new Command.AnswerMigration(
                        NAME, consent().plan(), Answer.APPROVED, Set.of(groups)),
                by(who));
    }

    private Command answer(Answer answer) {
        return new Command.AnswerMigration(NAME, consent().plan(), answer, Set.of());
    }

    private void edit(String who, String label) {
        MigrationSpec spec = migration().spec();
        world.accept(
                new Command.UpdateMigration(
                        new MigrationSpec(
                                spec.name(),
                                new Description(label, "", Map.of()),
                                spec.target(),
                                spec.store(),
                                spec.product(),
                                spec.tables(),
                                spec.dependsOn(),
                                spec.soaks(),
                                spec.ramp(),
                                spec.soak(),
                                spec.judge())),
                careful(who));
    }

    private void advance() {
        world.accept(new Command.AdvanceMigration(NAME), careful("admin"));
    }

    private List<String> blockers() {
        return Lifecycle.blockers(world.catalog(), FleetReport.SILENT, migration(), by("admin"))
                .stream()
                .filter(refusal -> !refusal.problem().path().equals("progress"))
                .map(refusal -> refusal.problem().message())
                .toList();
    }

    private Migration migration() {
        return world.catalog().migration(NAME).orElseThrow();
    }

    private Consent consent() {
        return migration().consent();
    }

    private CommandContext careful(String who) {
        return by(who).withEtag(migration().meta().etag());
    }

    private CommandContext by(String who) {
        return CommandContext.of(new Principal(who, AuthMethod.TOKEN), now).withReason("a reason");
    }
}
