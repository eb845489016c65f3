package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of a gate are kept on LEGACY and let go, and nothing else of it changes. */
class IsolationRulesTest {
    private static final GateName ORDERS = new GateName("orders");

    private final World world = World.shop(250_000);

    @BeforeEach
    void a_rule_that_belongs_to_the_gate() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        world.accept(
                new Command.UpdateGate(
                        Fixtures.forCohort(world.gate("orders").spec(), "beta", Arm.LEGACY),
                        BackMoves.ALLOWED));
    }

    private static Rule keys(String name, Arm arm, String... keys) {
        return new Rule(
                name,
                RequestMatch.EVERY,
                Optional.of(
                        new CohortMatch(
                                Optional.empty(),
                                Arrays.stream(keys).map(IsolationRulesTest::exactly).toList(),
                                List.of(),
                                RequestMatch.EVERY)),
                new Rule.Outcome.Fixed(arm));
    }

    private static StringMatcher exactly(String key) {
        return new StringMatcher.Exact(WireText.of(key), LetterCase.SENSITIVE);
    }

    private static CommandContext because() {
        return Fixtures.admin().withReason("lost orders");
    }

    private void accept(Command command) {
        assertThat(world.decide(command, because())).isInstanceOf(Decision.Change.class);
        world.accept(command, because());
    }

    private List<String> refused(Command command, CommandContext context) {
        return world.refuse(command, context).stream()
                .map(Refusal::problem)
                .map(problem -> problem.path() + ": " + problem.got())
                .toList();
    }

    private List<Rule> rules() {
        return world.gate("orders").content().rules();
    }

    @Test
    void an_isolation_stands_before_the_rules_of_the_gate_and_is_lifted_without_them() {
        Rule own = rules().getFirst();
        Rule ann = keys("isolated", Arm.LEGACY, "ann");

        accept(new Command.IsolateGate(ORDERS, ann));
        assertThat(rules()).containsExactly(ann, own);
        assertThat(world.share("orders")).isEqualTo(250_000);
        accept(new Command.IsolateGate(ORDERS, keys("isolated", Arm.LEGACY, "bob", "ann")));
        assertThat(rules()).containsExactly(keys("isolated", Arm.LEGACY, "ann", "bob"), own);

        accept(new Command.ReleaseGate(ORDERS, "isolated"));
        assertThat(rules()).containsExactly(own);
    }

    @Test
    void a_rule_of_the_gate_itself_is_not_lifted_and_none_is_put_that_is_no_isolation() {
        assertThat(refused(new Command.ReleaseGate(ORDERS, "beta"), because()))
                .containsExactly("rule.name: 'beta'");
        assertThat(
                        refused(
                                new Command.IsolateGate(ORDERS, keys("mine", Arm.NEW, "ann")),
                                because()))
                .anySatisfy(got -> assertThat(got).startsWith("rule.name: 'mine'"))
                .anySatisfy(got -> assertThat(got).startsWith("rule.arm: "));
        assertThat(refused(new Command.ReleaseGate(ORDERS, "isolated-x"), because()))
                .containsExactly("name: 'isolation isolated-x of gates/orders'");
    }

    @Test
    void a_rule_of_that_name_which_fixes_new_is_no_isolation() {
        GateSpec spec = world.gate("orders").spec();
        world.accept(
                new Command.UpdateGate(
                        spec.withContent(
                                spec.content()
                                        .withRules(List.of(keys("isolated", Arm.NEW, "ann")))),
                        BackMoves.ALLOWED));

        assertThat(refused(new Command.ReleaseGate(ORDERS, "isolated"), because()))
                .containsExactly("name: 'isolation isolated of gates/orders'");
    }

    @Test
    void under_a_name_that_is_taken_only_keys_come_to_keys() {
        Rule everything =
                new Rule("isolated", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY));
        accept(new Command.IsolateGate(ORDERS, everything));
        accept(new Command.IsolateGate(ORDERS, everything));
        assertThat(rules()).hasSize(2);

        assertThat(
                        refused(
                                new Command.IsolateGate(
                                        ORDERS, keys("isolated", Arm.LEGACY, "ann")),
                                because()))
                .containsExactly("name: 'isolated, which isolates something else'");
        accept(new Command.ReleaseGate(ORDERS, "isolated"));
        accept(new Command.IsolateGate(ORDERS, keys("isolated", Arm.LEGACY, "ann")));
        assertThat(refused(new Command.IsolateGate(ORDERS, everything), because()))
                .containsExactly("name: 'isolated, which isolates something else'");
    }

    @Test
    void keys_do_not_come_to_what_is_more_than_keys_nor_that_to_keys() {
        List<StringMatcher> eve = List.of(exactly("eve"));
        Rule ann = keys("isolated", Arm.LEGACY, "ann");
        RequestMatch posts =
                new RequestMatch(
                        Optional.empty(),
                        List.of("POST"),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty());
        List<Rule> more =
                List.of(
                        ann.withCohort(
                                Optional.of(
                                        new CohortMatch(
                                                Optional.empty(),
                                                List.of(exactly("ann")),
                                                eve,
                                                RequestMatch.EVERY))),
                        ann.withCohort(
                                Optional.of(
                                        new CohortMatch(
                                                Optional.empty(),
                                                List.of(),
                                                eve,
                                                RequestMatch.EVERY))),
                        ann.withCohort(
                                Optional.of(
                                        new CohortMatch(
                                                Optional.empty(), List.of(), List.of(), posts))),
                        ann.withCohort(
                                Optional.of(
                                        new CohortMatch(
                                                Optional.empty(),
                                                List.of(exactly("ann")),
                                                List.of(),
                                                posts))),
                        new Rule("isolated", posts, ann.cohort(), ann.outcome()));
        for (Rule other : more) {
            assertApart(other, ann);
            assertApart(ann, other);
        }
    }

    /** The second does not come to the first, which stays as it is. */
    private void assertApart(Rule first, Rule second) {
        accept(new Command.IsolateGate(ORDERS, first));
        assertThat(refused(new Command.IsolateGate(ORDERS, second), because()))
                .as("%s to %s", second, first)
                .containsExactly("name: 'isolated, which isolates something else'");
        assertThat(rules()).first().isEqualTo(first);
        accept(new Command.ReleaseGate(ORDERS, "isolated"));
    }

    @Test
    void a_cohort_that_is_isolated_already_stays_so() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("vip", "bob")));
        Rule vip = cohort("vip");
        accept(new Command.IsolateGate(ORDERS, vip));
        List<Rule> before = rules();
        assertThat(before.getFirst().cohort().orElseThrow().include()).hasSize(1);

        accept(new Command.IsolateGate(ORDERS, vip));
        assertThat(rules()).isEqualTo(before);
        assertThat(refused(new Command.IsolateGate(ORDERS, cohort("beta")), because()))
                .containsExactly("name: 'isolated, which isolates something else'");
    }

    private static Rule cohort(String id) {
        return new Rule(
                "isolated",
                RequestMatch.EVERY,
                Optional.of(
                        new CohortMatch(
                                Optional.of(new CohortName(id)),
                                List.of(),
                                List.of(),
                                RequestMatch.EVERY)),
                new Rule.Outcome.Fixed(Arm.LEGACY));
    }

    @Test
    void it_takes_a_reason_and_a_gate() {
        assertThat(
                        refused(
                                new Command.IsolateGate(
                                        ORDERS, keys("isolated", Arm.LEGACY, "ann")),
                                Fixtures.admin().withReason("")))
                .singleElement()
                .satisfies(got -> assertThat(got).startsWith("reason: "));
        assertThat(refused(new Command.ReleaseGate(new GateName("none"), "isolated"), because()))
                .containsExactly("name: 'gates/none'");
        assertThat(
                        refused(
                                new Command.IsolateGate(
                                        new GateName("none"), keys("isolated", Arm.LEGACY, "ann")),
                                because()))
                .containsExactly("name: 'gates/none'");
    }

    @Test
    void past_the_point_of_no_return_nothing_is_isolated() {
        Gate gate = world.gate("orders").content();
        world.accept(
                new Command.UpdateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        gate.share().value(),
                                        "seed",
                                        gate.from(),
                                        gate.to(),
                                        TakeBack.FORBIDDEN),
                                Description.NONE),
                        BackMoves.ALLOWED));

        assertThat(
                        refused(
                                new Command.IsolateGate(
                                        ORDERS, keys("isolated", Arm.LEGACY, "ann")),
                                because()))
                .singleElement()
                .satisfies(got -> assertThat(got).startsWith("take_back: "));
    }
}
