package dev.sluice.control.lifecycle.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import dev.sluice.control.change.spec.RingPlanSpec.Ring;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a plan of rings may be, who is in which ring, and what begins a rollout. */
final class RingPlanRulesTest {
    private static final RingPlanName MAIN = new RingPlanName("main");
    private static final Members NAMED =
            new Members(List.of("c-*", "one"), List.of(), List.of(), Map.of(), 0);

    private final World world = World.shop(0);

    @Test
    void every_problem_of_a_plan_is_told() {
        RingPlanSpec bad =
                plan(
                        ring("Canary", NAMED, Duration.ofDays(8), Duration.ZERO),
                        ring("all", Members.REST, Duration.ZERO, Duration.ofSeconds(1)),
                        ring("all", percent(101), Duration.ZERO, Duration.ofDays(1)));

        assertThat(world.refuse(new Command.CreateRingPlan(bad)))
                .extracting(refusal -> refusal.problem().path())
                .containsExactlyInAnyOrder(
                        "rings[0].id",
                        "rings[0].bake",
                        "rings[0].deadline",
                        "rings[1].members",
                        "rings[2].id",
                        "rings[2].members",
                        "rings[2].members.percent");
        assertThat(world.refuse(new Command.CreateRingPlan(plan())))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("rings");
    }

    @Test
    void there_is_one_plan() {
        world.accept(new Command.CreateRingPlan(plan(rest())));

        assertThat(world.refuse(new Command.CreateRingPlan(plan(rest())))).hasSize(1);
        RingPlanSpec other =
                new RingPlanSpec(new RingPlanName("other"), Description.NONE, List.of(rest()));
        assertThat(world.refuse(new Command.CreateRingPlan(other)))
                .singleElement()
                .satisfies(
                        refusal -> assertThat(refusal.problem().got()).contains("ringPlans/main"));
    }

    @Test
    void a_plan_that_is_said_again_changes_nothing_and_one_unknown_is_not_found() {
        assertThat(world.refuse(new Command.UpdateRingPlan(plan(rest())))).hasSize(1);
        assertThat(world.refuse(new Command.DeleteRingPlan(MAIN))).hasSize(1);
        world.accept(new Command.CreateRingPlan(plan(rest())));

        assertThat(world.accept(new Command.UpdateRingPlan(plan(rest())))).isEmpty();
    }

    @Test
    void a_node_is_in_the_first_ring_that_names_it() {
        RingPlan plan =
                created(
                        ring("named", NAMED, Duration.ZERO, Duration.ofSeconds(1)),
                        ring(
                                "service",
                                new Members(
                                        List.of(),
                                        List.of("edge"),
                                        List.of(Fixtures.serviceName("orders")),
                                        Map.of(),
                                        0),
                                Duration.ZERO,
                                Duration.ofSeconds(1)),
                        ring(
                                "place",
                                new Members(
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Map.of("zone", "a", "tier", "gold"),
                                        0),
                                Duration.ZERO,
                                Duration.ofSeconds(1)),
                        rest());

        assertThat(plan.ringOf(Fixtures.node("c-7", "orders"))).isZero();
        assertThat(plan.ringOf(Fixtures.node("one", "web"))).isZero();
        assertThat(plan.ringOf(Fixtures.node("two", "orders"))).isEqualTo(1);
        assertThat(plan.ringOf(node("two", "edge"))).isEqualTo(1);
        assertThat(
                        plan.ringOf(
                                node(
                                        "two",
                                        "web",
                                        new NodeLabel("tier", "gold"),
                                        new NodeLabel("zone", "a"))))
                .isEqualTo(2);
        assertThat(plan.ringOf(node("two", "web", new NodeLabel("zone", "a"))))
                .as("all of the labels, or none")
                .isEqualTo(3);
    }

    @Test
    void a_higher_percentage_has_all_nodes_of_a_lower() {
        List<NodeSpec> nodes =
                IntStream.range(0, 2_000).mapToObj(i -> Fixtures.node("n" + i, "web")).toList();
        List<NodeSpec> ten = members(nodes, 10);
        List<NodeSpec> thirty = members(nodes, 30);

        assertThat(ten.size()).isBetween(120, 280);
        assertThat(thirty.size()).isBetween(480, 720);
        assertThat(thirty).containsAll(ten);
        assertThat(members(nodes, 100)).hasSize(2_000);
    }

    @Test
    void what_is_said_for_people_and_addresses_that_are_pushed_begin_no_rollout() {
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));
        world.accept(new Command.CreateRingPlan(plan(rest())));

        assertThat(world.accept(new Command.UpdateVersion(eds("10.0.0.2", Duration.ofSeconds(1)))))
                .doesNotHaveAnyElementsOfTypes(Event.StructureRevised.class);
        assertThat(world.accept(new Command.UpdateVersion(eds("10.0.0.2", Duration.ofSeconds(2)))))
                .first()
                .isInstanceOf(Event.StructureRevised.class);
        assertThat(world.accept(new Command.DeleteVersion(Fixtures.versionName("orders", "v3"))))
                .hasAtLeastOneElementOfType(Event.StructureRevised.class);
    }

    @Test
    void services_and_routes_begin_a_rollout_by_what_nodes_are_served_of_them() {
        world.accept(new Command.CreateRingPlan(plan(rest())));
        ServiceSpec extra = Fixtures.service("extra");
        RouteSpec read = Fixtures.routeToGate("orders", "read", "orders");

        assertThat(isRollout(new Command.CreateService(extra))).isTrue();
        assertThat(
                        isRollout(
                                new Command.UpdateService(
                                        new ServiceSpec(
                                                extra.name(),
                                                new Description("Extra", "owner", Map.of()),
                                                extra.outbound(),
                                                extra.calls()))))
                .as("another owner")
                .isFalse();
        assertThat(isRollout(new Command.UpdateService(Fixtures.service("extra", 10_009))))
                .as("a listener")
                .isTrue();
        assertThat(isRollout(new Command.DeleteService(extra.name()))).isTrue();
        assertThat(isRollout(new Command.CreateRoute(read))).isTrue();
        assertThat(
                        isRollout(
                                new Command.UpdateRoute(
                                        with(read, read.timeout(), Map.of("team", "shop")))))
                .as("another label")
                .isFalse();
        assertThat(
                        isRollout(
                                new Command.UpdateRoute(
                                        with(read, Duration.ofSeconds(3), read.labels()))))
                .as("another timeout")
                .isTrue();
        assertThat(isRollout(new Command.DeleteRoute(read.name()))).isTrue();
        assertThat(isRollout(new Command.CreateGate(Fixtures.gate("more", "orders", 0))))
                .as("gates go to all at once")
                .isFalse();
    }

    private boolean isRollout(Command command) {
        return world.accept(command).stream().anyMatch(Event.StructureRevised.class::isInstance);
    }

    private static RouteSpec with(RouteSpec route, Duration timeout, Map<String, String> labels) {
        return new RouteSpec(
                route.name(),
                route.priority(),
                route.match(),
                route.methods(),
                route.target(),
                route.operationClass(),
                timeout,
                route.retry(),
                labels);
    }

    @Test
    void a_way_out_of_a_rollout_needs_a_rollout_and_a_reason() {
        world.accept(new Command.CreateRingPlan(plan(rest())));

        for (Command command :
                List.of(new Command.ResumeStructure(MAIN), new Command.AbortStructure(MAIN))) {
            assertThat(world.refuse(command))
                    .extracting(refusal -> refusal.problem().path())
                    .containsExactly("rollout.state");
        }
        assertThat(world.refuse(new Command.AbortStructure(new RingPlanName("none")))).hasSize(1);
    }

    @Test
    void the_arms_of_a_gate_do_not_become_versions_that_a_ring_lacks() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "read", "orders")));
        world.accept(
                new Command.CreateRingPlan(
                        plan(ring("named", NAMED, Duration.ZERO, Duration.ofSeconds(1)), rest())));
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));
        Command update = new Command.UpdateGate(toV3(), Command.BackMoves.REFUSED);

        assertThat(world.refuse(update))
                .extracting(refusal -> refusal.problem().path())
                .contains("arms");
    }

    @Test
    void a_gate_takes_the_versions_that_every_ring_has_which_routes_by_it() {
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "read", "orders")));
        world.accept(new Command.CreateRingPlan(twoRings()));
        world.accept(new Command.UpdateVersion(eds("10.0.0.1", Duration.ofSeconds(2))));

        world.accept(new Command.UpdateGate(toV3(), Command.BackMoves.REFUSED));

        assertThat(world.gate("orders").content().newCluster())
                .as("an older v3 is a v3")
                .isEqualTo(Fixtures.versionName("orders", "v3").name());
    }

    @Test
    void a_gate_by_which_no_ring_routes_takes_any_version() {
        world.accept(new Command.CreateRingPlan(twoRings()));
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));

        assertThat(world.accept(new Command.UpdateGate(toV3(), Command.BackMoves.REFUSED)))
                .hasSize(1);
    }

    @Test
    void what_people_say_of_a_gate_waits_for_no_ring() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "read", "orders")));
        world.accept(new Command.CreateRingPlan(twoRings()));
        world.accept(new Command.UpdateService(Fixtures.service("orders", 10_009)));
        GateSpec gate = world.gate("orders").spec();

        assertThat(
                        world.accept(
                                new Command.UpdateGate(
                                        new GateSpec(
                                                gate.content(),
                                                new Description("Orders", "owner", Map.of())),
                                        Command.BackMoves.REFUSED)))
                .hasSize(1);
    }

    private static RingPlanSpec twoRings() {
        return plan(ring("named", NAMED, Duration.ZERO, Duration.ofSeconds(1)), rest());
    }

    @Test
    void what_is_not_at_work_is_neither_confirmed_nor_offered_nor_halted() {
        long revision = rolling();
        Command halt = new Command.HaltStructure(MAIN, 0, revision + 1, List.of(), "no");

        assertThat(world.accept(new Command.ConfirmRing(MAIN, 1, revision))).isEmpty();
        assertThat(world.accept(new Command.ConfirmRing(MAIN, 0, revision - 1))).isEmpty();
        assertThat(world.accept(new Command.OfferRing(MAIN, 2, revision))).isEmpty();
        assertThat(world.accept(new Command.OfferRing(new RingPlanName("x"), 1, revision)))
                .isEmpty();
        assertThat(world.accept(halt)).isEmpty();
    }

    @Test
    void a_ring_is_not_confirmed_before_its_nodes_and_the_next_not_offered_before_its_bake() {
        long revision = rolling();
        Command confirm = new Command.ConfirmRing(MAIN, 0, revision);
        assertThat(world.refuse(confirm))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("ring");

        told(Long.MAX_VALUE, List.of(new StructureAtNode.Refused(Long.MAX_VALUE, "no")));
        assertThat(world.refuse(confirm)).hasSize(1);
        told(Long.MAX_VALUE, List.of(new StructureAtNode.Refused(1, "long ago")));
        assertThat(world.accept(confirm)).hasSize(1);
        assertThat(world.accept(confirm)).as("it is confirmed").isEmpty();
        assertThat(world.refuse(new Command.OfferRing(MAIN, 1, revision)))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("bake");
        told(0, List.of());
        assertThat(world.refuse(new Command.OfferRing(MAIN, 1, revision)))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("ring", "bake");
    }

    @Test
    void after_the_last_ring_there_is_none_to_offer_to() {
        world.accept(new Command.CreateRingPlan(plan(rest())));
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));
        long revision = world.catalog().ringPlan(MAIN).orElseThrow().rollout().revision();

        assertThat(world.accept(new Command.OfferRing(MAIN, 1, revision))).isEmpty();
    }

    @Test
    void who_decides_about_a_rollout_says_why() {
        rolling();

        assertThat(
                        world.refuse(
                                new Command.AbortStructure(MAIN),
                                world.careful(new Command.AbortStructure(MAIN)).withReason("")))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("reason");
    }

    @Test
    void what_was_aborted_is_not_resumed_and_keeps_its_plan() {
        rolling();
        world.accept(new Command.AbortStructure(MAIN));

        assertThat(world.refuse(new Command.ResumeStructure(MAIN)))
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().remedy()).contains("declare what is right"));
        assertThat(world.refuse(new Command.AbortStructure(MAIN))).hasSize(1);
        assertThat(world.refuse(new Command.DeleteRingPlan(MAIN))).hasSize(1);
        assertThat(world.accept(new Command.UpdateRingPlan(plan(rest()))))
                .as("all rings have the same")
                .hasSize(1);
        assertThat(world.accept(new Command.UpdateRingPlan(plan(rest())))).isEmpty();
        assertThat(
                        world.refuse(
                                new Command.AbortStructure(MAIN),
                                Fixtures.admin().withEtag("stale")))
                .hasSize(2);
    }

    @Test
    void only_a_plan_that_there_is_is_changed_or_deleted() {
        assertThat(world.refuse(new Command.UpdateRingPlan(plan(rest())))).hasSize(1);
        assertThat(world.refuse(new Command.DeleteRingPlan(MAIN))).hasSize(1);
    }

    /** A plan of two rings, one node in the first, and structure on its way to it. */
    private long rolling() {
        created(ring("named", NAMED, Duration.ofHours(1), Duration.ofSeconds(1)), rest());
        world.accept(new Command.RegisterNode(Fixtures.node("c-1", "orders")));
        world.accept(new Command.CreateVersion(eds("10.0.0.1", Duration.ofSeconds(1))));
        return world.catalog().ringPlan(MAIN).orElseThrow().rollout().revision();
    }

    private void told(long settled, List<StructureAtNode.Refused> refused) {
        world.told(
                new FleetReport(
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        _ -> new StructureAtNode(OptionalLong.of(settled), refused),
                        _ -> List.of()));
    }

    private static GateSpec toV3() {
        var gate = GateWriter.write(Fixtures.gate("orders", "orders", 0).content()).toBuilder();
        gate.getRevisionBuilder().setEpoch(1).setNumber(1);
        gate.setNewCluster(Fixtures.versionName("orders", "v3").name());
        return new GateSpec(GateParser.parse(gate.build()).orThrow(), Description.NONE);
    }

    private static VersionSpec eds(String address, Duration connectTimeout) {
        VersionSpec spec = Fixtures.version("orders", "v3");
        return new VersionSpec(
                spec.name(),
                spec.labels(),
                new Endpoints.Eds(List.of(new Endpoints.Endpoint(address, 8080, 1))),
                spec.protocol(),
                spec.tls(),
                spec.healthCheck(),
                spec.acceptedSchema(),
                connectTimeout,
                spec.inbound());
    }

    private static List<NodeSpec> members(List<NodeSpec> nodes, int percent) {
        RingPlan plan =
                created(
                        World.shop(0),
                        ring("part", percent(percent), Duration.ZERO, Duration.ofSeconds(1)),
                        rest());
        return nodes.stream().filter(node -> plan.ringOf(node) == 0).toList();
    }

    private RingPlan created(Ring... rings) {
        return created(world, rings);
    }

    private static RingPlan created(World in, Ring... rings) {
        in.accept(new Command.CreateRingPlan(plan(rings)));
        return in.catalog().ringPlan(MAIN).orElseThrow();
    }

    private static Members percent(int percent) {
        return new Members(List.of(), List.of(), List.of(), Map.of(), percent);
    }

    private static NodeSpec node(String id, String cluster, NodeLabel... labels) {
        return new NodeSpec(
                new NodeName(id),
                cluster,
                Optional.empty(),
                Optional.empty(),
                NodeSpec.Kind.ENVOY,
                "envoy 1.40",
                0,
                "",
                List.of(labels));
    }

    private static Ring rest() {
        return ring("rest", Members.REST, Duration.ZERO, Duration.ofSeconds(1));
    }

    private static Ring ring(String id, Members members, Duration bake, Duration deadline) {
        return new Ring(id, members, bake, deadline);
    }

    private static RingPlanSpec plan(Ring... rings) {
        return new RingPlanSpec(MAIN, Description.NONE, List.of(rings));
    }
}
