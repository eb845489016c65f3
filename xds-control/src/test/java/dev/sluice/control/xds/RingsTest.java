package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Rollout.State;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.path.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** New structure on its way through rings of stock proxies, as they are served it. */
final class RingsTest {
    private final RingPlane plane = RingPlane.withRings("c1", "c2", "e1", "r1");

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void without_rings_structure_goes_to_all_nodes_at_once() {
        try (RingPlane plain = RingPlane.of("c1", "r1")) {
            plain.declare(7);
            plain.settle(1);

            assertThat(plain.node("c1").heldMillis()).isEqualTo(7);
            assertThat(plain.node("r1").heldMillis()).isEqualTo(7);
            assertThat(plain.catalog().ringPlan()).isEmpty();
        }
    }

    @Test
    void each_ring_gets_it_when_the_one_before_has_had_it_for_its_bake_time() {
        plane.declare(7);
        assertHeld(1, 1, 1);
        plane.settle(2);
        assertHeld(7, 1, 1);

        plane.settle(27);
        assertThat(plane.node("e1").heldMillis()).as("the bake is not over").isEqualTo(1);
        plane.settle(5);
        assertHeld(7, 7, 1);
        plane.settle(32);
        assertHeld(7, 7, 7);
        plane.settle(2);

        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
        assertThat(plane.rollout().good()).isEmpty();
    }

    @Test
    void the_first_refusal_halts_it_and_is_said() {
        plane.declare(7);
        plane.node("c1").settle();
        plane.node("c2").refuse("no such cipher");
        plane.second();

        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);
        assertThat(plane.rollout().troubles())
                .singleElement()
                .satisfies(trouble -> {
                    assertThat(trouble.node().nodeId()).isEqualTo("c2");
                    assertThat(trouble.what()).isEqualTo("cluster: no such cipher");
                });
        assertThat(plane.rollout().message()).contains("ring canary", "nodes/c2");
        plane.settle(100);
        assertHeld(7, 1, 1);
    }

    @Test
    void a_refusal_while_it_bakes_halts_it_too() {
        plane.declare(7);
        plane.settle(2);
        plane.disconnect(plane.node("c2"));
        plane.connect(plane.node("c2"));
        plane.node("c2").refuse("not any more");
        plane.second();

        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);
    }

    @Test
    void who_does_not_answer_halts_it_at_the_deadline_and_not_before() {
        plane.declare(7);
        plane.node("c1").settle();
        plane.seconds(19);
        assertThat(plane.rollout().state()).isEqualTo(State.ROLLING);

        plane.seconds(3);

        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);
        assertThat(plane.rollout().troubles().getFirst().node().nodeId()).isEqualTo("c2");
    }

    @Test
    void a_node_that_is_gone_without_a_goodbye_counts_until_it_is_forgotten() {
        plane.disconnect(plane.node("c2"));
        plane.declare(7);
        plane.settle(25);
        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);

        plane.give(new Command.ForgetNode(plane.node("c2").spec().name()));
        plane.give(new Command.ResumeStructure(RingPlane.PLAN));
        plane.settle(70);

        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void every_ring_before_holds_the_next_one_up() {
        plane.give(new Command.UpdateRingPlan(RingPlane.plan(Duration.ofSeconds(10))));
        plane.declare(7);
        while (plane.rollout().ring() < 1 || plane.rollout().current().appliedTime().isEmpty()) {
            plane.settle(1);
        }
        plane.disconnect(plane.node("c2"));
        plane.settle(15);

        assertThat(plane.rollout().state()).isEqualTo(State.ROLLING);
        assertHeld(7, 7, 1);
        Command offer = new Command.OfferRing(RingPlane.PLAN, 2, plane.rollout().revision());
        assertThat(plane.outcome(offer, Principal.ORCHESTRATOR))
                .isInstanceOf(Outcome.Refused.class);

        plane.connect(plane.node("c2"));
        plane.settle(2);
        assertHeld(7, 7, 7);
    }

    @Test
    void a_new_leader_gives_every_node_its_whole_time_again() {
        plane.declare(7);
        plane.seconds(15);
        plane.restart();
        plane.seconds(15);
        assertThat(plane.rollout().state()).isEqualTo(State.ROLLING);
        assertHeld(1, 1, 1);

        plane.settle(100);

        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
        assertHeld(7, 7, 7);
    }

    @Test
    void abort_takes_back_who_got_it() {
        plane.declare(7);
        plane.settle(32);
        plane.declare(8);
        plane.settle(2);
        assertHeld(8, 7, 1);

        plane.give(new Command.AbortStructure(RingPlane.PLAN));
        plane.settle(1);

        assertHeld(1, 1, 1);
        plane.settle(100);
        assertThat(plane.rollout().state()).isEqualTo(State.ABORTED);
        assertHeld(1, 1, 1);
        plane.declare(9);
        plane.settle(70);
        assertHeld(9, 9, 9);
    }

    @Test
    void abort_takes_back_also_the_last_ring() {
        plane.declare(7);
        while (plane.rollout().ring() < 2) {
            plane.settle(1);
        }
        plane.node("r1").refuse("no");
        plane.second();
        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);

        plane.give(new Command.AbortStructure(RingPlane.PLAN));
        plane.settle(1);

        assertHeld(1, 1, 1);
    }

    @Test
    void resume_sends_again_what_was_refused() {
        plane.declare(7);
        plane.node("c1").settle();
        plane.node("c2").refuse("the port is taken");
        plane.second();
        assertThat(plane.node("c2").hasNews()).isFalse();

        plane.give(new Command.ResumeStructure(RingPlane.PLAN));
        assertThat(plane.node("c2").hasNews()).as("sent once more").isTrue();
        plane.settle(70);

        assertHeld(7, 7, 7);
        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void who_refuses_it_again_halts_it_again() {
        plane.declare(7);
        plane.node("c2").refuse("no");
        plane.node("c1").settle();
        plane.second();
        plane.give(new Command.ResumeStructure(RingPlane.PLAN));
        plane.second();
        assertThat(plane.rollout().state())
                .as("the old word counts no more")
                .isEqualTo(State.ROLLING);

        plane.node("c2").refuse("still no");
        plane.second();

        assertThat(plane.rollout().state()).isEqualTo(State.HALTED);
        assertThat(plane.rollout().troubles().getFirst().what()).isEqualTo("cluster: still no");
    }

    @Test
    void something_newer_takes_the_place_of_what_was_halted() {
        plane.declare(7);
        plane.node("c1").settle();
        plane.node("c2").refuse("no");
        plane.second();

        plane.declare(8);
        plane.settle(70);

        assertThat(plane.rollout().state()).isEqualTo(State.COMPLETE);
        assertHeld(8, 8, 8);
    }

    @Test
    void a_node_that_connects_gets_what_its_ring_has() {
        plane.declare(7);
        plane.settle(2);
        for (String id : List.of("c1", "e1", "r1")) {
            plane.disconnect(plane.node(id));
            plane.connect(plane.node(id));
            plane.node(id).settle();
        }

        assertHeld(7, 1, 1);
    }

    @Test
    void the_end_of_a_version_is_no_other_structure() {
        plane.settle(1);
        var before = plane.rollout();
        plane.give(
                new Command.UpdateVersion(
                        RingPlane.version(1).withEnd(Optional.of(Fixtures.START))));
        plane.settle(1);

        assertThat(plane.rollout()).isEqualTo(before);
    }

    @Test
    void gates_and_kills_go_to_all_rings_at_once() {
        plane.give(
                new Command.CreateVersion(
                        new VersionSpec(
                                Fixtures.versionName("orders", "v3"),
                                RingPlane.version(1).labels(),
                                RingPlane.version(1).endpoints(),
                                RingPlane.version(1).protocol(),
                                RingPlane.version(1).tls(),
                                RingPlane.version(1).healthCheck(),
                                RingPlane.version(1).acceptedSchema(),
                                RingPlane.version(1).connectTimeout(),
                                RingPlane.version(1).inbound())));
        plane.settle(1);
        assertThat(plane.rollout().state()).isEqualTo(State.ROLLING);

        plane.give(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(300_000)));
        plane.settle(1);
        assertThat(plane.nodes).extracting(RingNode::weight).containsOnly(300_000);

        plane.give(new Command.Kill(Fixtures.gateTarget("orders")));
        plane.settle(1);
        assertThat(plane.nodes).extracting(RingNode::weight).containsOnly(0);
    }

    @Test
    void a_gate_whose_own_structure_is_not_everywhere_waits_and_goes_back_freely() {
        plane.declare(7);
        plane.settle(1);

        List<Refusal> refusals =
                plane.refuse(
                        new Command.SetShare(
                                Fixtures.gateTarget("orders"), new PartsPerMillion(300_000)));

        assertThat(refusals)
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().toString())
                                .contains("rings [early, rest] of ringPlans/main", "gates/orders"));
        plane.give(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(100_000)));
        plane.give(new Command.Rollback(Fixtures.gateTarget("orders")));
        plane.settle(1);
        assertThat(plane.nodes).extracting(RingNode::weight).containsOnly(0);
    }

    @Test
    void a_gate_by_which_a_ring_still_routes_is_not_deleted() {
        plane.give(
                new Command.UpdateRoute(
                        Fixtures.route(
                                "orders",
                                "read",
                                new RouteSpec.Target.ToVersion(
                                        Fixtures.versionName("orders", "v1")))));
        plane.settle(2);
        Command delete = new Command.DeleteGate(new GateName("orders"));

        assertThat(plane.refuse(delete))
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().got()).contains("rings [early, rest]"));
        plane.settle(70);
        plane.give(delete);
    }

    @Test
    void rings_do_not_change_while_they_have_different_things() {
        plane.declare(7);
        plane.settle(2);
        Command other =
                new Command.UpdateRingPlan(
                        new RingPlanSpec(
                                RingPlane.PLAN,
                                Description.NONE,
                                RingPlane.plan(RingPlane.BAKE).rings().subList(1, 3)));

        assertThat(plane.refuse(other)).hasSize(1);
        assertThat(plane.refuse(new Command.DeleteRingPlan(RingPlane.PLAN))).hasSize(1);
        plane.give(new Command.UpdateRingPlan(RingPlane.plan(Duration.ZERO)));
        plane.settle(4);
        assertThat(plane.rollout().state()).as("no bake any more").isEqualTo(State.COMPLETE);
        plane.give(other);
        plane.give(new Command.DeleteRingPlan(RingPlane.PLAN));
    }

    @Test
    void a_ring_without_nodes_is_passed_over() {
        try (RingPlane empty = RingPlane.withRings("r1")) {
            empty.declare(7);
            empty.settle(6);

            assertThat(empty.rollout().state()).isEqualTo(State.COMPLETE);
            assertThat(empty.node("r1").heldMillis()).isEqualTo(7);
        }
    }

    @Test
    void its_state_is_the_same_from_the_log_and_from_an_image() {
        plane.declare(7);
        plane.settle(2);

        assertThat(Catalog.EMPTY.applyAll(plane.store.log())).isEqualTo(plane.catalog());
        assertThat(CatalogImage.read(CatalogImage.write(plane.catalog())))
                .isEqualTo(plane.catalog());
    }

    private void assertHeld(int canary, int early, int rest) {
        assertThat(List.of("c1", "e1", "r1"))
                .extracting(id -> plane.node(id).heldMillis())
                .containsExactly(canary, early, rest);
    }
}
