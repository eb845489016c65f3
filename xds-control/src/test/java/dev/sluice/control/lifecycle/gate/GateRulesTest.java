package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What gates mean: their versions, rules, modes and revisions. */
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
        assertThat(world.paths(new Command.CreateGate(Fixtures.gate("orders", "orders", 0))))
                .containsExactly("name");
        assertThat(world.paths(create(arms("nonsense", "services/orders/versions/v9"))))
                .containsExactly("legacy_version", "new_version");
        assertThat(
                        world.paths(
                                create(
                                        arms(
                                                "services/orders/versions/v1",
                                                "services/customers/versions/v2"))))
                .containsExactly("new_version");
        assertThat(
                        world.paths(
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

        assertThat(world.paths(new Command.UpdateGate(moved, BackMoves.ALLOWED)))
                .containsExactly("legacy_version");
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
        assertThat(world.paths(update("orders", edit(content("orders")).takeBack(TakeBack.FROM))))
                .contains("take_back");
    }

    @Test
    void a_killed_gate_is_not_put_past_the_point_of_no_return() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));

        assertThat(
                        world.paths(
                                update(
                                        "orders",
                                        edit(content("orders")).takeBack(TakeBack.FORBIDDEN))))
                .containsExactly("take_back");
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
                            world.kinds(
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
                        world.kinds(
                                new Command.UpdateGate(described, BackMoves.REFUSED),
                                Fixtures.admin().withEtag("stale")))
                .containsExactly(Refusal.Kind.ABORTED);
        assertThat(world.accept(new Command.UpdateGate(described, BackMoves.REFUSED)))
                .as("the same again")
                .isEmpty();
        assertThat(
                        world.kinds(
                                new Command.UpdateGate(
                                        Fixtures.gate("nowhere", "orders", 0), BackMoves.REFUSED),
                                Fixtures.admin()))
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void keys_go_back_by_another_salt_or_version_only_when_that_is_allowed() {
        for (GateEdit edit :
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
            assertThat(world.paths(update("orders", edit, BackMoves.REFUSED)))
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
        assertThat(world.kinds(restore, Fixtures.admin())).contains(Refusal.Kind.INVALID);
        assertThat(world.got(restore)).as("a raise under a kill").hasSize(1);
        setShare("orders", 0);
        assertThat(world.paths(restore(99, BackMoves.REFUSED))).containsExactly("revision");
        assertThat(
                        world.kinds(
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

    private Gate content(String gate) {
        return world.gate(gate).content();
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

    private static Command update(String gate, GateEdit edit) {
        return update(gate, edit, BackMoves.REFUSED);
    }

    private static Command update(String gate, GateEdit edit, BackMoves backMoves) {
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

    private static Rule rule(String name, Arm arm) {
        return new Rule(name, RequestMatch.EVERY, new Rule.Outcome.Fixed(arm));
    }

    private static GateEdit edit(Gate gate) {
        return new GateEdit(gate);
    }
}
