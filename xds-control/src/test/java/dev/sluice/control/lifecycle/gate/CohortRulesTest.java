package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.CohortSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Cohorts, and the gates that use them. */
class CohortRulesTest {
    private final World world = World.shop(250_000);

    private void use(String gate, String cohort, Arm arm) {
        world.accept(
                new Command.UpdateGate(
                        Fixtures.forCohort(world.gate(gate).spec(), cohort, arm),
                        BackMoves.ALLOWED));
    }

    private List<Event> change(CohortSpec spec) {
        return world.accept(new Command.UpdateCohort(spec, BackMoves.REFUSED));
    }

    private List<String> refused(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }

    private CohortMatch of(String gate) {
        return world.gate(gate).content().rules().getFirst().cohort().orElseThrow();
    }

    @Test
    void a_gate_has_in_its_revision_what_its_cohort_says() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));

        use("orders", "beta", Arm.NEW);

        Gate gate = world.gate("orders").content();
        assertThat(of("orders")).isEqualTo(Fixtures.cohort("beta", "alice").content());
        assertThat(gate.contractVersion()).isEqualTo(2);
        assertThat(CohortRules.users(world.catalog(), new CohortName("beta")))
                .containsExactly(world.gate("orders"));
    }

    @Test
    void a_changed_cohort_is_a_new_revision_of_every_gate_that_uses_it() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        use("orders", "beta", Arm.NEW);
        use("customers", "beta", Arm.NEW);

        List<Event> events = change(Fixtures.cohort("beta", "alice", "qa-*"));

        assertThat(events).hasSize(2);
        assertThat(((GatesRevised) events.getLast()).action())
                .isEqualTo(GatesRevised.Action.COHORT_CHANGED);
        for (String gate : List.of("orders", "customers")) {
            assertThat(world.gate(gate).revision()).isEqualTo(new GateRevision(1, 3));
            assertThat(of(gate).include()).hasSize(2);
        }
        assertThat(change(Fixtures.cohort("beta", "alice", "qa-*"))).as("the same").isEmpty();
    }

    @Test
    void what_says_nothing_new_of_the_keys_changes_no_gate() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        use("orders", "beta", Arm.NEW);
        CohortSpec named =
                new CohortSpec(
                        Fixtures.cohort("beta", "alice").content(),
                        new Description("early birds", "shop", Map.of()));

        assertThat(world.accept(new Command.UpdateCohort(named, BackMoves.REFUSED), noEtag()))
                .containsExactly(new Event.CohortPut(named));
    }

    private static dev.sluice.control.change.CommandContext noEtag() {
        return Fixtures.admin();
    }

    @Test
    void keys_go_back_only_when_that_is_allowed() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice", "bob")));
        use("orders", "beta", Arm.NEW);
        CohortSpec less = Fixtures.cohort("beta", "alice");

        assertThat(refused(new Command.UpdateCohort(less, BackMoves.REFUSED)))
                .containsExactly("allow_moves");
        world.accept(new Command.UpdateCohort(less, BackMoves.ALLOWED));

        assertThat(of("orders").include()).hasSize(1);
    }

    @Test
    void a_used_cohort_is_not_changed_blindly_and_not_deleted() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        assertThat(
                        world.accept(
                                new Command.UpdateCohort(
                                        Fixtures.cohort("beta", "bob"), BackMoves.REFUSED),
                                noEtag()))
                .hasSize(1);
        use("orders", "beta", Arm.NEW);

        assertThat(
                        world
                                .refuse(
                                        new Command.UpdateCohort(
                                                Fixtures.cohort("beta", "bob", "eve"),
                                                BackMoves.REFUSED),
                                        noEtag())
                                .stream()
                                .map(refusal -> refusal.problem().path()))
                .containsExactly("etag");
        assertThat(world.refuse(new Command.DeleteCohort(new CohortName("beta"))))
                .singleElement()
                .extracting(refusal -> refusal.problem().got())
                .asString()
                .contains("gates/orders");
        world.accept(
                new Command.UpdateGate(
                        Fixtures.gate("orders", "orders", 250_000), BackMoves.ALLOWED));
        world.accept(new Command.DeleteCohort(new CohortName("beta")));

        assertThat(world.catalog().cohorts()).isEmpty();
    }

    @Test
    void a_cohort_says_who_is_in_it_and_does_not_turn_into_everybody() {
        assertThat(refused(new Command.CreateCohort(Fixtures.cohort("beta"))))
                .containsExactly("include");
        CohortSpec both =
                new CohortSpec(
                        new CohortMatch(
                                Optional.of(new CohortName("beta")),
                                Fixtures.cohort("x", "alice").content().include(),
                                Fixtures.cohort("x", "eve").content().include(),
                                RequestMatch.EVERY),
                        Description.NONE);
        world.accept(new Command.CreateCohort(both));
        CohortSpec everybodyBut =
                new CohortSpec(
                        new CohortMatch(
                                both.content().name(),
                                List.of(),
                                both.content().exclude(),
                                RequestMatch.EVERY),
                        Description.NONE);

        assertThat(refused(new Command.UpdateCohort(everybodyBut, BackMoves.ALLOWED)))
                .containsExactly("include");
        assertThat(refused(new Command.CreateCohort(both))).containsExactly("name");
        assertThat(
                        refused(
                                new Command.UpdateCohort(
                                        Fixtures.cohort("none", "a"), BackMoves.ALLOWED)))
                .containsExactly("name");
        assertThat(refused(new Command.DeleteCohort(new CohortName("none"))))
                .containsExactly("name");
    }

    @Test
    void a_rule_names_a_cohort_that_there_is() {
        GateSpec gate = Fixtures.forCohort(world.gate("orders").spec(), "nobody", Arm.NEW);

        assertThat(refused(new Command.UpdateGate(gate, BackMoves.ALLOWED)))
                .containsExactly("rules[0].cohort.name");
        assertThat(CohortRules.filled(world.catalog(), gate)).isEqualTo(gate);
    }

    @Test
    void an_old_revision_comes_back_with_the_cohort_of_today() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        use("orders", "beta", Arm.NEW);
        change(Fixtures.cohort("beta", "alice", "bob"));

        world.accept(
                new Command.RestoreRevision(
                        new GateName("orders"), new GateRevision(1, 2), BackMoves.REFUSED));

        assertThat(of("orders").include()).hasSize(2);
    }

    @Test
    void the_keys_of_a_gate_stay_bounded() {
        String[] many = IntStream.range(0, 1_000).mapToObj(i -> "k" + i).toArray(String[]::new);
        for (int i = 0; i < 11; i++) {
            world.accept(
                    new Command.CreateCohort(
                            i == 0 ? Fixtures.cohort("c0", "a") : Fixtures.cohort("c" + i, many)));
        }
        for (int i = 0; i < 10; i++) {
            use("orders", "c" + i, Arm.NEW);
        }

        assertThat(
                        refused(
                                new Command.UpdateGate(
                                        Fixtures.forCohort(
                                                world.gate("orders").spec(), "c10", Arm.NEW),
                                        BackMoves.ALLOWED)))
                .containsExactly("rules");
        world.accept(new Command.UpdateCohort(Fixtures.cohort("c0", many), BackMoves.ALLOWED));
        CohortSpec more =
                Fixtures.cohort(
                        "c0",
                        Stream.concat(Stream.of(many), Stream.of("x")).toArray(String[]::new));
        assertThat(refused(new Command.UpdateCohort(more, BackMoves.ALLOWED)))
                .containsExactly("rules");
    }

    @Test
    void cohorts_are_no_more_than_a_thousand() {
        for (int i = 0; i < 1_000; i++) {
            world.accept(new Command.CreateCohort(Fixtures.cohort("c" + i, "a")));
        }

        assertThat(world.refuse(new Command.CreateCohort(Fixtures.cohort("one-more", "a"))))
                .singleElement()
                .extracting(Refusal::kind)
                .isEqualTo(Refusal.Kind.PRECONDITION);
    }

    @Test
    void a_gate_of_a_set_goes_over_all_of_its_set() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        use("customers", "beta", Arm.NEW);
        world.accept(new Command.CreateGateSet(Fixtures.set("shop", "orders", "customers")));
        GateSpec orders = world.gate("orders").spec();
        for (int i = 0; i < 3; i++) {
            Arm arm = i == 1 ? Arm.LEGACY : Arm.NEW;
            world.accept(
                    new Command.UpdateGate(
                            Fixtures.forCohort(orders, "beta", arm), BackMoves.ALLOWED));
        }
        long highest = world.gate("orders").revision().number();
        assertThat(highest).isGreaterThan(world.gate("customers").revision().number());

        change(Fixtures.cohort("beta", "alice", "bob"));

        assertThat(world.gate("customers").revision().number()).isEqualTo(highest + 1);
    }

    @Test
    void nobody_is_put_in_outside_the_plan_of_a_migration_at_work_but_taken_out() {
        World walking = new World();
        walking.accept(new Command.CreateService(Fixtures.service("orders")));
        walking.accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        walking.accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        walking.accept(new Command.CreateCohort(Fixtures.cohort("in", "alice")));
        walking.accept(new Command.CreateCohort(Fixtures.cohort("out", "eve")));
        GateSpec gate = Fixtures.gate("orders", "orders", 0);
        walking.accept(
                new Command.CreateGate(
                        Fixtures.forCohort(
                                Fixtures.forCohort(gate, "in", Arm.NEW), "out", Arm.LEGACY)));
        walking.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("t"))));
        Command grown =
                new Command.UpdateCohort(Fixtures.cohort("in", "alice", "bob"), BackMoves.ALLOWED);
        walking.accept(
                new Command.UpdateCohort(Fixtures.cohort("in", "alice", "dan"), BackMoves.ALLOWED));
        walking.accept(new Command.AdvanceMigration(new MigrationName("m")));

        assertThat(walking.refuse(grown).stream().map(refusal -> refusal.problem().path()))
                .contains("rules");
        walking.accept(new Command.UpdateCohort(Fixtures.cohort("in", "alice"), BackMoves.ALLOWED));
        walking.accept(
                new Command.UpdateCohort(Fixtures.cohort("out", "eve", "bob"), BackMoves.ALLOWED));

        assertThat(walking.gate("orders").content().rules()).hasSize(2);
    }

    @Test
    void while_a_migration_is_at_work_a_rule_for_everybody_narrows_to_a_cohort_and_not_back() {
        Rule everybody = new Rule("in", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.NEW));
        world.accept(new Command.CreateCohort(Fixtures.cohort("in", "alice")));
        world.accept(new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(0)));
        GateSpec empty = world.gate("orders").spec();
        world.accept(new Command.UpdateGate(with(empty, everybody), BackMoves.ALLOWED));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("t"))));
        world.accept(new Command.AdvanceMigration(new MigrationName("m")));

        world.accept(
                new Command.UpdateGate(
                        Fixtures.forCohort(empty, "in", Arm.NEW), BackMoves.ALLOWED));
        assertThat(of("orders").include()).hasSize(1);
        assertThat(refused(new Command.UpdateGate(with(empty, everybody), BackMoves.ALLOWED)))
                .containsExactly("rules");
    }

    private static GateSpec with(GateSpec gate, Rule rule) {
        return gate.withContent(gate.content().withRules(List.of(rule)));
    }

    @Test
    void past_the_point_of_no_return_nobody_goes_back_whatever_is_allowed() {
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice", "bob")));
        use("orders", "beta", Arm.NEW);
        Gate gate = world.gate("orders").content();
        GateSpec forward =
                Fixtures.forCohort(
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
                        "beta",
                        Arm.NEW);
        world.accept(new Command.UpdateGate(forward, BackMoves.REFUSED));

        assertThat(
                        refused(
                                new Command.UpdateCohort(
                                        Fixtures.cohort("beta", "alice"), BackMoves.ALLOWED)))
                .containsExactly("take_back");
    }

    @Test
    void a_sidecar_that_can_not_read_cohorts_holds_the_first_one_up() {
        NodeSpec old = edge("n1", NodeSpec.Kind.SLUICE, 1);
        world.accept(new Command.RegisterNode(old));
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        Command first =
                new Command.UpdateGate(
                        Fixtures.forCohort(world.gate("orders").spec(), "beta", Arm.NEW),
                        BackMoves.ALLOWED);

        assertThat(world.refuse(first))
                .singleElement()
                .extracting(refusal -> refusal.problem().got())
                .asString()
                .contains("nodes/n1");
        world.accept(new Command.NodeLeft(old.name()));
        world.accept(first);

        assertThat(world.gate("orders").content().rules()).hasSize(1);
    }

    @Test
    void who_reads_cohorts_reads_no_gates_or_does_not_meet_this_one_holds_none_up() {
        world.accept(new Command.RegisterNode(edge("new", NodeSpec.Kind.SLUICE, 2)));
        world.accept(new Command.RegisterNode(edge("stock", NodeSpec.Kind.ENVOY, 0)));
        world.accept(new Command.RegisterNode(Fixtures.node("elsewhere", "orders")));
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));

        use("orders", "beta", Arm.NEW);

        assertThat(world.gate("orders").content().contractVersion()).isEqualTo(2);
    }

    @Test
    void of_many_sidecars_that_can_not_read_cohorts_ten_are_named() {
        IntStream.range(0, 12)
                .mapToObj(i -> edge("n" + i, NodeSpec.Kind.SLUICE, 1))
                .forEach(node -> world.accept(new Command.RegisterNode(node)));
        world.accept(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));

        assertThat(
                        world.refuse(
                                new Command.UpdateGate(
                                        Fixtures.forCohort(
                                                world.gate("orders").spec(), "beta", Arm.NEW),
                                        BackMoves.ALLOWED)))
                .singleElement()
                .extracting(refusal -> refusal.problem().got())
                .asString()
                .endsWith(" and 2 more");
    }

    /** A node of no known service, which may meet any gate. */
    private static NodeSpec edge(String id, NodeSpec.Kind kind, int contract) {
        return new NodeSpec(
                new NodeName(id),
                "edge",
                Optional.empty(),
                Optional.empty(),
                kind,
                "0.1",
                contract,
                "");
    }
}
