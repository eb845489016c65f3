package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Gates, gate sets, shares, kills and trips. */
class GateRulesTest {
    private final World world = World.shop(250_000);

    @Test
    void a_new_gate_has_the_first_revision_and_nothing_that_only_the_plane_may_say() {
        assertThat(world.gate("orders").revision()).isEqualTo(new GateRevision(1, 1));
        assertThat(world.gate("orders").content().kill()).isEmpty();
        assertThat(world.gate("orders").revisions().size()).isEqualTo(1);
    }

    @Test
    void a_gate_of_a_deleted_name_goes_on_above_its_revisions() {
        setShare("orders", 300_000);
        world.accept(new Command.DeleteGate(new GateName("orders")));

        world.accept(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));

        assertThat(world.gate("orders").revision()).isEqualTo(new GateRevision(1, 3));
    }

    @Test
    void versions_of_a_gate_exist_and_are_two_of_one_service() {
        assertThat(paths(new Command.CreateGate(Fixtures.gate("orders", "orders", 0))))
                .containsExactly("name");
        assertThat(paths(create(arms("nonsense", "services/orders/versions/v9"))))
                .containsExactly("legacy_version", "new_version");
        assertThat(
                        paths(
                                create(
                                        arms(
                                                "services/orders/versions/v1",
                                                "services/customers/versions/v2"))))
                .containsExactly("new_version");
        assertThat(
                        paths(
                                create(
                                        arms(
                                                "services/orders/versions/v1",
                                                "services/orders/versions/v1"))))
                .containsExactly("new_version");
    }

    @Test
    void a_gate_does_not_leave_the_service_of_its_routes() {
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        GateSpec moved =
                new GateSpec(
                        edit(world.gate("orders").content())
                                .arms(
                                        "services/customers/versions/v1",
                                        "services/customers/versions/v2")
                                .done(),
                        Description.NONE);

        assertThat(paths(new Command.UpdateGate(moved, BackMoves.ALLOWED)))
                .containsExactly("legacy_version");
    }

    @Test
    void a_share_changes_nothing_else_and_needs_the_etag() {
        Command raise = share("orders", 500_000);

        assertThat(kinds(raise, Fixtures.admin())).containsExactly(Refusal.Kind.INVALID);
        assertThat(kinds(raise, Fixtures.admin().withEtag("stale")))
                .containsExactly(Refusal.Kind.ABORTED);
        List<Event> events = world.accept(raise);

        assertThat(events).hasSize(1);
        assertThat(((GatesRevised) events.getFirst()).action()).isEqualTo(Action.SHARE_SET);
        assertThat(world.gate("orders").content())
                .isEqualTo(edit(before("orders")).share(500_000).revision(2).done());
        assertThat(world.accept(share("orders", 500_000))).as("the same again").isEmpty();
        assertThat(kinds(share("nowhere", 1), Fixtures.admin()))
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void a_share_is_not_raised_over_a_kill_or_an_open_trip_but_lowered() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));

        assertThat(got(share("orders", 300_000)))
                .anySatisfy(got -> assertThat(got).contains("while it is killed"))
                .anySatisfy(got -> assertThat(got).contains("n/b/1"));
        world.accept(share("orders", 200_000));

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")));
        world.accept(share("orders", 300_000));
        assertThat(world.gate("orders").content().acknowledgedTrips()).containsExactly("n/b/1");
    }

    @Test
    void a_rollback_needs_a_reason_and_no_etag() {
        Command rollback = new Command.Rollback(Fixtures.gateTarget("orders"));
        assertThat(paths(rollback, Fixtures.admin().withReason(""))).containsExactly("reason");
        assertThat(paths(rollback, Fixtures.admin().withReason("x".repeat(1_025))))
                .containsExactly("reason");

        world.accept(rollback, Fixtures.admin());

        assertThat(world.share("orders")).isZero();
        assertThat(world.accept(rollback)).as("nothing left to take back").isEmpty();
    }

    @Test
    void past_the_point_of_no_return_nothing_goes_back_and_the_remedy_is_named() {
        forbid("orders");

        for (Command back :
                List.of(
                        new Command.Rollback(Fixtures.gateTarget("orders")),
                        new Command.Kill(Fixtures.gateTarget("orders")),
                        share("orders", 1))) {
            assertThat(world.refuse(back))
                    .as(back.toString())
                    .anySatisfy(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.PRECONDITION);
                        assertThat(refusal.problem().remedy()).contains("roll forward");
                    });
        }
        world.accept(share("orders", 300_000));
        assertThat(paths(update("orders", edit(content("orders")).takeBack(TakeBack.FROM))))
                .contains("take_back");
    }

    @Test
    void a_killed_gate_is_not_put_past_the_point_of_no_return() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));

        assertThat(paths(update("orders", edit(content("orders")).takeBack(TakeBack.FORBIDDEN))))
                .containsExactly("take_back");
    }

    @Test
    void a_kill_is_latched_until_it_is_resumed_whatever_else_changes() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.accept(new Command.Kill(Fixtures.gateTarget("orders"))))
                .as("killed already")
                .isEmpty();
        setShare("orders", 100_000);
        world.accept(update("orders", edit(content("orders")).rules(rule("in", Arm.NEW))));
        world.accept(restore(3, BackMoves.ALLOWED));
        assertThat(world.gate("orders").content().kill())
                .hasValueSatisfying(kill -> {
                    assertThat(kill.actor()).isEqualTo("admin");
                    assertThat(kill.reason()).isEqualTo("a reason");
                });

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));

        assertThat(world.gate("orders").content().kill()).isEmpty();
        assertThat(world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of())))
                .isEmpty();
    }

    @Test
    void trips_are_opened_once_and_end_when_acknowledged() {
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)))).isEmpty();
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("nowhere", 1)))).isEmpty();
        assertThat(world.gate("orders").openTrips()).hasSize(1);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1", "n/b/2")));

        assertThat(world.gate("orders").openTrips()).isEmpty();
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("orders", 2))))
                .as("acknowledged before it was reported")
                .isEmpty();
    }

    @Test
    void a_kill_at_one_sidecar_is_recorded_once_and_holds_raises_until_it_is_named() {
        world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1)));
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1))))
                .as("reported again")
                .isEmpty();
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("nowhere", 1))))
                .isEmpty();

        assertThat(got(share("orders", 300_000)))
                .singleElement()
                .asString()
                .contains("killed at nodes/n (n/b/1: errors)");
        world.accept(share("orders", 200_000));
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        assertThat(world.gate("orders").openLocalKills()).as("not named").hasSize(1);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")));
        assertThat(world.gate("orders").openLocalKills()).isEmpty();
        assertThat(world.gate("orders").content().acknowledgedTrips()).containsExactly("n/b/1");
        world.accept(share("orders", 300_000));
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1))))
                .as("the report of a node that has not applied it yet")
                .isEmpty();
    }

    @Test
    void of_many_kills_at_sidecars_a_refusal_names_some() {
        for (int i = 1; i <= 12; i++) {
            world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", i)));
        }

        assertThat(got(share("orders", 300_000)))
                .singleElement()
                .asString()
                .contains("n/b/1: errors")
                .endsWith("and 2 more");
    }

    @Test
    void trip_ids_have_a_length_and_a_gate_room_for_ten_thousand() {
        assertThat(paths(new Command.Resume(Fixtures.gateTarget("orders"), List.of(""))))
                .containsExactly("acknowledged_trips[0]");
        List<String> many = IntStream.rangeClosed(0, 10_000).mapToObj(i -> "t/" + i).toList();
        assertThat(paths(new Command.Resume(Fixtures.gateTarget("orders"), many)))
                .containsExactly("acknowledged_trips");
    }

    @Test
    void what_decides_an_arm_is_not_changed_blindly() {
        Gate now = content("orders");
        for (Gate decisive :
                List.of(
                        edit(now).share(260_000).done(),
                        edit(now).rules(rule("in", Arm.NEW)).done(),
                        edit(now).salt("other").done())) {
            assertThat(
                            kinds(
                                    new Command.UpdateGate(
                                            new GateSpec(decisive, Description.NONE),
                                            BackMoves.ALLOWED),
                                    Fixtures.admin()))
                    .contains(Refusal.Kind.INVALID);
        }
        GateSpec described = new GateSpec(now, new Description("Orders", "team", Map.of()));
        world.accept(new Command.UpdateGate(described, BackMoves.REFUSED), Fixtures.admin());
        assertThat(world.gate("orders").spec().description().owner()).isEqualTo("team");
        assertThat(
                        kinds(
                                new Command.UpdateGate(described, BackMoves.REFUSED),
                                Fixtures.admin().withEtag("stale")))
                .containsExactly(Refusal.Kind.ABORTED);
        assertThat(world.accept(new Command.UpdateGate(described, BackMoves.REFUSED)))
                .as("the same again")
                .isEmpty();
        assertThat(
                        kinds(
                                new Command.UpdateGate(
                                        Fixtures.gate("nowhere", "orders", 0), BackMoves.REFUSED),
                                Fixtures.admin()))
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void keys_go_back_by_another_salt_or_version_only_when_that_is_allowed() {
        for (Edit edit :
                List.of(
                        edit(content("orders")).salt("other"),
                        edit(content("orders")).rules(rule("out", Arm.LEGACY)),
                        edit(content("orders"))
                                .arms(
                                        "services/orders/versions/v1",
                                        "services/orders/versions/v3"))) {
            world.decide(
                    new Command.CreateVersion(Fixtures.version("orders", "v3")), Fixtures.admin());
            if (world.catalog().find("services/orders/versions/v3").isEmpty()) {
                world.accept(new Command.CreateVersion(Fixtures.version("orders", "v3")));
            }
            Gate next = edit.done();
            assertThat(paths(update("orders", edit, BackMoves.REFUSED)))
                    .as(next.toString())
                    .containsExactly("allow_moves");
            assertThat(
                            world.decide(
                                    update("orders", edit, BackMoves.ALLOWED),
                                    world.careful(update("orders", edit, BackMoves.ALLOWED))))
                    .isInstanceOf(Decision.Change.class);
        }
        world.accept(share("orders", 0));
        world.accept(
                update(
                        "orders",
                        edit(content("orders"))
                                .arms(
                                        "services/orders/versions/v1",
                                        "services/orders/versions/v3")));
    }

    @Test
    void modes_change_only_where_no_key_moves_by_it() {
        World separate = new World();
        separate.accept(new Command.CreateService(Fixtures.service("orders")));
        separate.accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        separate.accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        separate.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        500_000,
                                        "seed",
                                        Mode.DUAL_WRITE,
                                        Mode.SHADOW,
                                        TakeBack.FROM),
                                Description.NONE)));

        assertThat(modes(separate, Mode.SHADOW, Mode.LIVE, 0)).as("at half").contains("from");
        separate.accept(shareOf(separate, 1_000_000));
        assertThat(modes(separate, Mode.LIVE, Mode.RAMP_DOWN, 0))
                .as("two steps on")
                .contains("from");
        assertThat(modes(separate, Mode.SHADOW, Mode.LIVE, 10))
                .as("onward and some")
                .contains("from");
        assertThat(modes(separate, Mode.SHADOW, Mode.LIVE, 0)).as("onward").isEmpty();
        assertThat(modes(separate, Mode.DUAL_WRITE, Mode.SHADOW, 1_000_000))
                .as("and back")
                .isEmpty();
        separate.accept(shareOf(separate, 0));
        assertThat(modes(separate, Mode.OFF, Mode.DUAL_WRITE, 1_000_000)).as("before").isEmpty();
        separate.accept(shareOf(separate, 0));
        assertThat(modes(separate, Mode.SHADOW, Mode.LIVE, 0)).as("over one").contains("from");
    }

    @Test
    void a_shared_gate_at_nothing_may_take_the_other_step() {
        world.accept(share("orders", 0));
        world.accept(update("orders", edit(content("orders")).steps(Mode.OFF, Mode.SHADOW)));
        assertThat(content("orders").to()).isEqualTo(Mode.SHADOW);
    }

    @Test
    void an_old_revision_comes_back_as_a_new_one_and_a_kill_stays() {
        setShare("orders", 100_000);
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        Command restore = restore(1, BackMoves.REFUSED);
        assertThat(kinds(restore, Fixtures.admin())).contains(Refusal.Kind.INVALID);
        assertThat(got(restore)).as("a raise under a kill").hasSize(1);
        setShare("orders", 0);
        assertThat(paths(restore(99, BackMoves.REFUSED))).containsExactly("revision");
        assertThat(
                        kinds(
                                new Command.RestoreRevision(
                                        new GateName("nowhere"),
                                        new GateRevision(1, 1),
                                        BackMoves.REFUSED),
                                Fixtures.admin()))
                .containsExactly(Refusal.Kind.NOT_FOUND);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        world.accept(restore);

        assertThat(world.share("orders")).isEqualTo(250_000);
        assertThat(world.gate("orders").revision().number()).isEqualTo(6);
        assertThat(world.gate("orders").revisions().size()).isEqualTo(6);
    }

    @Test
    void a_set_takes_gates_that_are_alike_and_free() {
        world.accept(new Command.CreateGate(Fixtures.gate("odd", "orders", 10, "other")));
        world.accept(new Command.Kill(Fixtures.gateTarget("odd")));
        assertThat(paths(new Command.CreateGateSet(Fixtures.set("s")))).containsExactly("gates");
        assertThat(paths(new Command.CreateGateSet(Fixtures.set("s", "orders", "orders", "none"))))
                .containsExactly("gates[1]", "gates[2]");
        assertThat(got(new Command.CreateGateSet(Fixtures.set("s", "orders", "odd"))))
                .hasSize(3)
                .anySatisfy(got -> assertThat(got).startsWith("salt"))
                .anySatisfy(got -> assertThat(got).startsWith("share_ppm"))
                .anySatisfy(got -> assertThat(got).startsWith("kill"));

        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));

        assertThat(content("orders").gateSet()).contains(Fixtures.set("s").name());
        assertThat(paths(new Command.CreateGateSet(Fixtures.set("t", "orders"))))
                .containsExactly("gates[0]");
        assertThat(paths(new Command.CreateGateSet(Fixtures.set("s", "odd")))).contains("name");
        assertThat(got(new Command.DeleteGate(new GateName("orders"))))
                .contains("in use by gateSets/s");
    }

    @Test
    void a_set_moves_as_one_in_one_event() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));
        String etag = world.catalog().gateSet(Fixtures.set("s").name()).orElseThrow().meta().etag();

        List<Event> events =
                world.accept(
                        new Command.SetShare(
                                Fixtures.setTarget("s"), new PartsPerMillion(500_000)));

        assertThat(events).hasSize(1);
        assertThat(((GatesRevised) events.getFirst()).gates()).hasSize(2);
        assertThat(world.share("customers")).isEqualTo(500_000);
        assertThat(world.catalog().gateSet(Fixtures.set("s").name()).orElseThrow().meta().etag())
                .as("the etag of the set")
                .isNotEqualTo(etag);
        assertThat(paths(share("orders", 1))).as("one gate alone").containsExactly("name");
        assertThat(paths(update("orders", edit(content("orders")).salt("x"), BackMoves.ALLOWED)))
                .containsExactly("name");
    }

    @Test
    void taking_back_one_gate_of_a_set_takes_the_set() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));

        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(content("customers").isKilled()).isTrue();
        world.accept(new Command.Resume(Fixtures.gateTarget("customers"), List.of()));
        assertThat(content("orders").isKilled()).isFalse();
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        assertThat(world.share("customers")).isZero();
    }

    @Test
    void gates_join_and_leave_a_set_by_a_revision_of_their_own() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders")));
        assertThat(kinds(new Command.UpdateGateSet(Fixtures.set("t", "orders")), Fixtures.admin()))
                .contains(Refusal.Kind.NOT_FOUND);
        assertThat(kinds(new Command.DeleteGateSet(Fixtures.set("t").name()), Fixtures.admin()))
                .contains(Refusal.Kind.NOT_FOUND);
        assertThat(world.accept(new Command.UpdateGateSet(Fixtures.set("s", "orders")))).isEmpty();

        world.accept(new Command.UpdateGateSet(Fixtures.set("s", "customers")));
        assertThat(content("orders").gateSet()).isEmpty();
        assertThat(content("customers").gateSet()).isPresent();
        world.accept(
                new Command.UpdateGateSet(
                        new GateSetSpec(
                                Fixtures.set("s").name(),
                                new Description("named", "", Map.of()),
                                List.of(new GateName("customers")))));

        world.accept(new Command.DeleteGateSet(Fixtures.set("s").name()));
        assertThat(content("customers").gateSet()).isEmpty();
    }

    @Test
    void a_driven_gate_is_not_raised_by_hand_and_lowering_it_pauses_the_ramp() {
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 300_000, 500_000)));

        assertThat(got(share("orders", 400_000)))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(got(update("orders", edit(content("orders")).share(1))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(got(new Command.DeleteGate(new GateName("orders"))))
                .contains("in use by ramps/r");
        assertThat(got(new Command.CreateGateSet(Fixtures.set("s", "orders"))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));

        world.accept(share("orders", 200_000));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        world.accept(share("orders", 100_000));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
    }

    @Test
    void a_kill_pauses_the_ramp_and_a_rollback_ends_it() {
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 300_000, 500_000)));
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).as("paused before").isEqualTo(RampState.PAUSED);

        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.ROLLED_BACK);
    }

    @Test
    void a_driven_set_keeps_its_members() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));
        world.accept(new Command.CreateRamp(Fixtures.ramp("r", Fixtures.setTarget("s"), 300_000)));

        assertThat(got(new Command.UpdateGateSet(Fixtures.set("s", "orders"))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(got(new Command.DeleteGateSet(Fixtures.set("s").name())))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
    }

    private Gate content(String gate) {
        return world.gate(gate).content();
    }

    private Gate before(String gate) {
        return world.gate(gate).revision(new GateRevision(1, 1)).orElseThrow().spec().content();
    }

    private void setShare(String gate, int share) {
        world.accept(share(gate, share));
    }

    private void forbid(String gate) {
        world.accept(update(gate, edit(content(gate)).takeBack(TakeBack.FORBIDDEN)));
    }

    private static Command share(String gate, int share) {
        return new Command.SetShare(Fixtures.gateTarget(gate), new PartsPerMillion(share));
    }

    private static Command shareOf(World world, int share) {
        return share(world.gate("orders").name().id(), share);
    }

    private static Command update(String gate, Edit edit) {
        return update(gate, edit, BackMoves.REFUSED);
    }

    private static Command update(String gate, Edit edit, BackMoves backMoves) {
        assertThat(edit.done().name().id()).isEqualTo(gate);
        return new Command.UpdateGate(new GateSpec(edit.done(), Description.NONE), backMoves);
    }

    private static Command restore(long number, BackMoves backMoves) {
        return new Command.RestoreRevision(
                new GateName("orders"), new GateRevision(1, number), backMoves);
    }

    private static Command create(Gate gate) {
        return new Command.CreateGate(new GateSpec(gate, Description.NONE));
    }

    private static Gate arms(String legacy, String fresh) {
        return edit(Fixtures.gate("new", "orders", 0).content()).arms(legacy, fresh).done();
    }

    /** Tries a change of modes; the problems' paths, or none after it was made. */
    private static List<String> modes(World world, Mode from, Mode to, int share) {
        Gate next = edit(world.gate("orders").content()).steps(from, to).share(share).done();
        Command command =
                new Command.UpdateGate(new GateSpec(next, Description.NONE), BackMoves.ALLOWED);
        return switch (world.decide(command, world.careful(command))) {
            case Decision.Refused(var refusals) ->
                    refusals.stream().map(refusal -> refusal.problem().path()).toList();
            case Decision.Change(var events) -> {
                world.apply(command, Fixtures.admin(), events);
                yield List.of();
            }
        };
    }

    private List<Refusal.Kind> kinds(Command command, CommandContext context) {
        return world.refuse(command, context).stream().map(Refusal::kind).toList();
    }

    private List<String> paths(Command command) {
        return paths(command, world.careful(command));
    }

    private List<String> paths(Command command, CommandContext context) {
        return world.refuse(command, context).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }

    private List<String> got(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().got()).toList();
    }

    private static Rule rule(String name, Arm arm) {
        return new Rule(name, RequestMatch.EVERY, new Rule.Outcome.Fixed(arm));
    }

    private static Edit edit(Gate gate) {
        return new Edit(gate);
    }

    /** Another gate, field by field. */
    private record Edit(Gate done) {
        Edit share(int share) {
            return new Edit(done.withShare(new PartsPerMillion(share)));
        }

        Edit salt(String salt) {
            Bucketing old = done.bucketing();
            return with(
                    done.legacyCluster(),
                    done.newCluster(),
                    done.from(),
                    done.to(),
                    new Bucketing(new Salt(salt), new KeySource.Header("x-user"), old.missingKey()),
                    done.rules(),
                    done.takeBack());
        }

        Edit rules(Rule... rules) {
            return with(
                    done.legacyCluster(),
                    done.newCluster(),
                    done.from(),
                    done.to(),
                    done.bucketing(),
                    List.of(rules),
                    done.takeBack());
        }

        Edit takeBack(TakeBack takeBack) {
            return with(
                    done.legacyCluster(),
                    done.newCluster(),
                    done.from(),
                    done.to(),
                    done.bucketing(),
                    done.rules(),
                    takeBack);
        }

        Edit arms(String legacy, String fresh) {
            return with(
                    legacy,
                    fresh,
                    done.from(),
                    done.to(),
                    done.bucketing(),
                    done.rules(),
                    done.takeBack());
        }

        Edit steps(Mode from, Mode to) {
            return with(
                    done.legacyCluster(),
                    done.newCluster(),
                    from,
                    to,
                    done.bucketing(),
                    done.rules(),
                    done.takeBack());
        }

        Edit revision(long number) {
            return new Edit(
                    copy(
                            Optional.of(new GateRevision(1, number)),
                            done.legacyCluster(),
                            done.newCluster(),
                            done.from(),
                            done.to(),
                            done.bucketing(),
                            done.rules(),
                            done.takeBack()));
        }

        private Edit with(
                String legacy,
                String fresh,
                Mode from,
                Mode to,
                Bucketing bucketing,
                List<Rule> rules,
                TakeBack takeBack) {
            return new Edit(
                    copy(done.revision(), legacy, fresh, from, to, bucketing, rules, takeBack));
        }

        private Gate copy(
                Optional<GateRevision> revision,
                String legacy,
                String fresh,
                Mode from,
                Mode to,
                Bucketing bucketing,
                List<Rule> rules,
                TakeBack takeBack) {
            return new Gate(
                    done.name(),
                    done.contractVersion(),
                    revision,
                    done.gateSet(),
                    legacy,
                    fresh,
                    done.storeKind(),
                    from,
                    to,
                    done.share(),
                    bucketing,
                    rules,
                    takeBack,
                    done.maxStale(),
                    done.kill(),
                    done.acknowledgedTrips(),
                    done.trip(),
                    done.writeAuthority(),
                    done.writeHold(),
                    done.fallback());
        }
    }
}
