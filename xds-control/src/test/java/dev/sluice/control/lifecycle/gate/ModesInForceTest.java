package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.testkit.Seeds;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At most two neighbouring modes of a gate are in force over the fleet (I16). */
class ModesInForceTest {
    private static final GateName GATE = new GateName("orders");
    private static final List<Mode> WALK =
            List.of(
                    Mode.OFF,
                    Mode.DUAL_WRITE,
                    Mode.SHADOW,
                    Mode.LIVE,
                    Mode.RAMP_DOWN,
                    Mode.COMPLETE);

    private final World world = new World();

    @BeforeEach
    void a_separate_gate_at_its_first_step_and_two_sidecars() {
        world.accept(new Command.CreateService(Fixtures.service("orders")));
        world.accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        world.accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        world.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.OFF,
                                        Mode.DUAL_WRITE,
                                        TakeBack.FROM),
                                Description.NONE)));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        world.accept(new Command.RegisterNode(Fixtures.node("web-1", "web")));
        world.accept(new Command.RegisterNode(Fixtures.node("web-2", "web")));
        world.accept(new Command.RegisterNode(Fixtures.node("other-1", "orders")));
    }

    @Test
    void the_next_modes_wait_until_every_live_node_of_the_gate_has_applied_the_last_revision() {
        share(1_000_000);
        world.applied("web-1");

        List<Refusal> refusals = world.refuse(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));

        assertThat(refusals).extracting(Refusal::kind).containsExactly(Refusal.Kind.PRECONDITION);
        assertThat(refusals.getFirst().problem().path()).isEqualTo("from");
        assertThat(refusals.getFirst().problem().got())
                .isEqualTo("revision 1.2 of gates/orders is not applied by nodes/web-2");
        assertThat(refusals.getFirst().problem().remedy()).contains("wait").contains("forget");
        world.applied("web-1", "web-2");
        world.accept(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));
    }

    @Test
    void a_node_that_was_lost_counts_until_it_is_forgotten() {
        share(1_000_000);
        world.applied("web-1");
        world.accept(new Command.NodeLost(new NodeName("web-2")));
        assertThat(paths(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0))).containsExactly("from");

        world.accept(new Command.ForgetNode(new NodeName("web-2")));

        world.accept(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));
    }

    @Test
    void a_stock_proxy_counts_by_the_routes_that_it_accepted() {
        NodeName envoy = new NodeName("envoy-1");
        world.accept(
                new Command.RegisterNode(
                        new NodeSpec(
                                envoy,
                                "web",
                                Optional.of(Fixtures.serviceName("web")),
                                Optional.empty(),
                                NodeSpec.Kind.ENVOY,
                                "envoy",
                                0,
                                "")));
        share(1_000_000);
        world.applied("web-1", "web-2");
        Command next = modes(Mode.DUAL_WRITE, Mode.SHADOW, 0);
        assertThat(world.refuse(next).getFirst().problem().got()).endsWith("nodes/envoy-1");

        world.told(acceptedBy(envoy, world.gate("orders").presentEntry().seq() - 1));
        assertThat(paths(next)).containsExactly("from");
        world.told(acceptedBy(envoy, world.gate("orders").presentEntry().seq()));

        world.accept(next);
    }

    @Test
    void within_one_pair_of_modes_shares_are_raised_without_waiting() {
        world.told(FleetReport.SILENT);
        share(250_000);
        share(500_000);

        assertThat(world.share("orders")).isEqualTo(500_000);
    }

    @Test
    void after_a_change_of_modes_the_first_raise_waits_for_nodes_that_know_them() {
        share(1_000_000);
        world.applied("web-1", "web-2");
        world.accept(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));

        assertThat(paths(raise(10_000))).containsExactly("share_ppm");
        assertThat(
                        paths(
                                new Command.CreateRamp(
                                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000))))
                .as("a ramp is no way around")
                .containsExactly("target");

        world.applied("web-1", "web-2");
        share(10_000);
        share(20_000);
        assertThat(world.share("orders")).as("later ones do not wait").isEqualTo(20_000);
    }

    @Test
    void a_node_that_comes_back_with_old_modes_holds_up_raises_and_resumes_but_no_way_back() {
        share(1_000_000);
        FleetReport before = report(Map.of("web-1", 2L, "web-2", 2L));
        world.told(before);
        world.accept(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));
        world.applied("web-1", "web-2");
        share(250_000);
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));

        world.told(before);

        assertThat(paths(new Command.Resume(Fixtures.gateTarget("orders"), List.of())))
                .containsExactly("name");
        assertThat(paths(raise(300_000))).containsExactly("share_ppm", "share_ppm");
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
    }

    @Test
    void a_gate_made_anew_under_an_old_name_is_raised_when_the_old_one_is_gone_everywhere() {
        share(1_000_000);
        world.accept(
                new Command.DeleteRoute(Fixtures.routeToGate("orders", "all", "orders").name()));
        world.accept(new Command.DeleteGate(GATE));
        world.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.SHADOW,
                                        Mode.LIVE,
                                        TakeBack.FROM),
                                Description.NONE)));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));

        assertThat(paths(raise(10_000))).containsOnly("share_ppm");
        world.applied("web-1", "web-2");
        share(10_000);
    }

    @Test
    void modes_stay_while_keys_are_taken_back_by_a_kill_or_a_trip() {
        share(1_000_000);
        world.applied("web-1", "web-2");
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));
        assertThat(paths(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0))).containsExactly("from");
        world.accept(
                new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")),
                Fixtures.admin());
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        world.applied("web-1", "web-2");

        assertThat(paths(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0))).containsExactly("from");
    }

    @Test
    void modes_stay_while_a_rule_keeps_keys_on_the_other_side() {
        share(1_000_000);
        world.accept(
                rules(new Rule("out", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY))));
        world.applied("web-1", "web-2");

        assertThat(paths(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0))).containsExactly("from");
        world.accept(rules());
        world.applied("web-1", "web-2");
        world.accept(modes(Mode.DUAL_WRITE, Mode.SHADOW, 0));
    }

    @Test
    void a_step_of_a_ramp_is_confirmed_only_when_every_live_node_has_it() {
        world.accept(
                new Command.CreateRamp(Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000)));
        Command confirm = new Command.ConfirmStep(new dev.sluice.contract.RampName("r"), 0);
        world.applied("web-1");

        assertThat(paths(confirm)).containsExactly("step");
        world.applied("web-1", "web-2");
        world.accept(confirm);
    }

    /**
     * Random changes over nodes that apply them when they please, checked by the modes themselves:
     * after a change that moves keys forward, what the nodes decide by and what they are about to
     * decide by are two neighbours at most.
     */
    @Test
    void no_walk_brings_a_third_mode_into_force() {
        RandomGenerator random = Seeds.printed("modes in force").generator();
        Map<String, GateRevision> applied = new HashMap<>();
        Set<Mode> seen = EnumSet.noneOf(Mode.class);
        for (String node : List.of("web-1", "web-2")) {
            applied.put(node, world.gate("orders").revision());
        }
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> applied.put(node(random), world.gate("orders").revision());
                case 3 -> {
                    String node = node(random); // it went and comes back with what it had on disk
                    world.accept(new Command.NodeLeft(new NodeName(node)));
                    applied.merge(node, old(random), (now, disk) -> disk.isBelow(now) ? disk : now);
                    world.accept(new Command.RegisterNode(Fixtures.node(node, "web")));
                }
                default -> {
                    told(applied);
                    Command command = forward(random);
                    CommandContext context = world.careful(command);
                    if (world.decide(command, context) instanceof Decision.Change(var events)
                            && !events.isEmpty()) {
                        Gate before = world.gate("orders").content();
                        world.apply(command, context, events);
                        if (goesOn(before, world.gate("orders").content())) {
                            Set<Mode> inForce = modesInForce(applied);
                            assertThat(areNeighbours(inForce))
                                    .as("step %d: %s after %s", step, inForce, command)
                                    .isTrue();
                            seen.addAll(inForce);
                        }
                    }
                }
            }
        }
        assertThat(seen).as("the walk gets everywhere").containsAll(WALK);
    }

    private Command forward(RandomGenerator random) {
        Gate now = world.gate("orders").content();
        int at = WALK.indexOf(now.from());
        return switch (random.nextInt(8)) {
            case 6, 7 -> new Command.MoveWrites(Fixtures.gateTarget("orders"));
            case 0 ->
                    random.nextInt(4) == 0
                            ? new Command.Kill(Fixtures.gateTarget("orders"))
                            : new Command.Resume(Fixtures.gateTarget("orders"), List.of());
            case 1 -> new Command.Resume(Fixtures.gateTarget("orders"), List.of());
            case 2 -> modes(WALK.get(Math.min(at + 1, 4)), WALK.get(Math.min(at + 2, 5)), 0);
            case 3 ->
                    random.nextInt(4) == 0
                            ? modes(
                                    WALK.get(Math.max(at - 1, 0)),
                                    WALK.get(Math.max(at, 1)),
                                    1_000_000)
                            : raise(1_000_000);
            default -> raise(List.of(0, 500_000, 1_000_000).get(random.nextInt(3)));
        };
    }

    /** Whether keys go to a later mode, or the pair of modes is another. */
    private static boolean goesOn(Gate before, Gate after) {
        return before.from() != after.from()
                || before.to() != after.to()
                || modesOf(after).stream().anyMatch(mode -> isAfterAll(mode, modesOf(before)));
    }

    private static boolean isAfterAll(Mode mode, Set<Mode> others) {
        return others.stream().allMatch(other -> WALK.indexOf(other) < WALK.indexOf(mode));
    }

    private Set<Mode> modesInForce(Map<String, GateRevision> applied) {
        GateState gate = world.gate("orders");
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        modes.addAll(modesOf(gate.content()));
        applied.values()
                .forEach(revision ->
                        modes.addAll(
                                modesOf(gate.revision(revision).orElseThrow().spec().content())));
        return modes;
    }

    private static Set<Mode> modesOf(Gate gate) {
        if (gate.isKilled() || gate.share().isNone()) {
            return EnumSet.of(gate.from());
        }
        return gate.share().isAll() ? EnumSet.of(gate.to()) : EnumSet.of(gate.from(), gate.to());
    }

    private static boolean areNeighbours(Set<Mode> modes) {
        List<Integer> places = modes.stream().map(WALK::indexOf).sorted().toList();
        return places.getLast() - places.getFirst() <= 1;
    }

    private void told(Map<String, GateRevision> applied) {
        Map<NodeName, Map<GateName, GateRevision>> decidesBy = new HashMap<>();
        applied.forEach(
                (node, revision) -> decidesBy.put(new NodeName(node), Map.of(GATE, revision)));
        world.told(new FleetReport(decidesBy, Map.of(), Map.of()));
    }

    private static String node(RandomGenerator random) {
        return random.nextBoolean() ? "web-1" : "web-2";
    }

    private GateRevision old(RandomGenerator random) {
        long newest = world.gate("orders").revision().number();
        return new GateRevision(1, Math.max(1, newest - random.nextInt(6)));
    }

    private static FleetReport report(Map<String, Long> numbers) {
        Map<NodeName, Map<GateName, GateRevision>> decidesBy = new HashMap<>();
        numbers.forEach((node, number) ->
                decidesBy.put(new NodeName(node), Map.of(GATE, new GateRevision(1, number))));
        return new FleetReport(decidesBy, Map.of(), Map.of());
    }

    private FleetReport acceptedBy(NodeName envoy, long seq) {
        long number = world.gate("orders").revision().number();
        return new FleetReport(
                report(Map.of("web-1", number, "web-2", number)).decidesBy(),
                Map.of(),
                Map.of(envoy, seq));
    }

    private void share(int share) {
        world.accept(raise(share));
    }

    private static Command raise(int share) {
        return new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(share));
    }

    private Command modes(Mode from, Mode to, int share) {
        Gate now = world.gate("orders").content();
        return update(now, from, to, share, now.rules());
    }

    private Command rules(Rule... rules) {
        Gate now = world.gate("orders").content();
        return update(now, now.from(), now.to(), now.share().value(), List.of(rules));
    }

    private static Command update(Gate now, Mode from, Mode to, int share, List<Rule> rules) {
        Gate next =
                new Gate(
                        now.name(),
                        now.contractVersion(),
                        now.revision(),
                        now.gateSet(),
                        now.legacyCluster(),
                        now.newCluster(),
                        now.storeKind(),
                        from,
                        to,
                        new PartsPerMillion(share),
                        now.bucketing(),
                        rules,
                        now.takeBack(),
                        now.maxStale(),
                        now.kill(),
                        now.acknowledgedTrips(),
                        now.trip(),
                        now.writeAuthority(),
                        now.writeHold(),
                        now.fallback());
        return new Command.UpdateGate(new GateSpec(next, Description.NONE), BackMoves.ALLOWED);
    }

    private List<String> paths(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }
}
