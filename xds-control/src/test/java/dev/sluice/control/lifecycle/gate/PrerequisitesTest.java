package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSetSpec.Prerequisite;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.World;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gate sets wait for. */
class PrerequisitesTest {
    private final World world = World.shop(0);

    private static GateSetSpec set(String id, String gate, Prerequisite... prerequisites) {
        GateSetSpec plain = Fixtures.set(id, gate);
        return new GateSetSpec(
                plain.name(), plain.description(), plain.gates(), List.of(prerequisites));
    }

    private static Prerequisite after(String of, int above, int atLeast) {
        return new Prerequisite(
                Fixtures.setTarget(of), new PartsPerMillion(above), new PartsPerMillion(atLeast));
    }

    private List<String> paths(Command command) {
        return world.refuse(command).stream().map(refusal -> refusal.problem().path()).toList();
    }

    private static Command share(ShareTarget target, int share) {
        return new Command.SetShare(target, new PartsPerMillion(share));
    }

    /** Each may go to 10 % alone, to 50 % when the other is at 10 %, and on when it is at 50 %. */
    private void mutual() {
        world.accept(new Command.CreateGateSet(set("a", "orders")));
        world.accept(
                new Command.CreateGateSet(set("b", "customers", after("a", 100_000, 100_000))));
        world.accept(
                new Command.UpdateGateSet(
                        set(
                                "a",
                                "orders",
                                after("b", 100_000, 100_000),
                                after("b", 500_000, 500_000))));
    }

    @Test
    void sets_that_wait_for_each_other_go_up_in_turns() {
        mutual();
        ShareTarget a = Fixtures.setTarget("a");
        ShareTarget b = Fixtures.setTarget("b");

        world.accept(share(a, 100_000));
        List<Refusal> refused = world.refuse(share(a, 100_001));
        assertThat(refused)
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("share_ppm");
                    assertThat(refusal.problem().got())
                            .contains("gateSets/b", "0 % of OFF to COMPLETE");
                    assertThat(refusal.problem().remedy())
                            .isEqualTo("bring gateSets/b to 10 % first");
                });
        world.accept(share(b, 500_000));
        world.accept(share(a, 1_000_000));
        world.accept(share(b, 1_000_000));

        assertThat(world.share("orders")).isEqualTo(1_000_000);
        assertThat(world.accept(share(b, 0))).as("going back is never held").isNotEmpty();
    }

    @Test
    void a_killed_set_has_not_come_anywhere() {
        mutual();
        world.accept(share(Fixtures.setTarget("a"), 100_000));
        world.accept(share(Fixtures.setTarget("b"), 100_000));
        world.accept(new Command.Kill(Fixtures.setTarget("b")), Fixtures.admin());

        assertThat(world.refuse(share(Fixtures.setTarget("a"), 200_000)).getFirst().problem().got())
                .contains("killed");
    }

    @Test
    void a_ramp_waits_as_a_hand_does() {
        mutual();

        assertThat(
                        paths(
                                new Command.CreateRamp(
                                        Fixtures.ramp("r", Fixtures.setTarget("a"), 200_000))))
                .containsExactly("steps[0].share_ppm");
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.setTarget("a"), 100_000, 400_000)));
        world.accept(new Command.ConfirmStep(world.ramp("r").name(), 0));
        CommandContext end = world.soaked(world.ramp("r").name());
        Command step = new Command.StepRamp(world.ramp("r").name(), 0);
        assertThat(world.refuse(step, end))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("target");
        world.accept(share(Fixtures.setTarget("b"), 100_000));
        world.accept(step, end);

        assertThat(world.share("orders")).isEqualTo(400_000);
    }

    @Test
    void sets_that_would_wait_for_ever_are_refused() {
        world.accept(new Command.CreateGateSet(set("a", "orders")));
        world.accept(
                new Command.CreateGateSet(set("b", "customers", after("a", 100_000, 200_000))));

        List<Refusal> refused =
                world.refuse(
                        new Command.UpdateGateSet(
                                set("a", "orders", after("b", 100_000, 200_000))));

        assertThat(refused)
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("prerequisites");
                    assertThat(refusal.problem().got()).contains("[gateSets/a, gateSets/b]");
                });
        world.accept(new Command.UpdateGateSet(set("a", "orders", after("b", 200_000, 100_000))));
    }

    @Test
    void what_a_set_waits_for_is_another_and_is_there() {
        world.accept(new Command.CreateGateSet(Fixtures.set("b", "customers")));
        Prerequisite own = after("a", 1_000_000, 0);
        Prerequisite member =
                new Prerequisite(
                        Fixtures.gateTarget("customers"),
                        PartsPerMillion.NONE,
                        PartsPerMillion.ALL);
        Prerequisite mine =
                new Prerequisite(
                        Fixtures.gateTarget("orders"), PartsPerMillion.NONE, PartsPerMillion.ALL);

        assertThat(
                        paths(
                                new Command.CreateGateSet(
                                        set("a", "orders", own, member, mine, after("x", 0, 1)))))
                .contains(
                        "prerequisites[0].above_ppm",
                        "prerequisites[0].at_least_ppm",
                        "prerequisites[0].of",
                        "prerequisites[1].of",
                        "prerequisites[2].of",
                        "prerequisites[3].of");
        assertThat(
                        paths(
                                new Command.CreateGateSet(
                                        new GateSetSpec(
                                                new GateSetName("a"),
                                                Fixtures.set("a").description(),
                                                Fixtures.set("a", "orders").gates(),
                                                Collections.nCopies(17, after("b", 0, 1))))))
                .containsExactly("prerequisites");
    }

    @Test
    void what_others_wait_for_is_not_deleted() {
        world.accept(new Command.CreateGateSet(set("a", "orders")));
        world.accept(new Command.CreateGate(Fixtures.gate("alone", "orders", 0)));
        world.accept(
                new Command.CreateGateSet(
                        set(
                                "b",
                                "customers",
                                after("a", 0, 1),
                                new Prerequisite(
                                        Fixtures.gateTarget("alone"),
                                        PartsPerMillion.NONE,
                                        PartsPerMillion.ALL))));

        assertThat(world.refuse(new Command.DeleteGateSet(new GateSetName("a"))).toString())
                .contains("gateSets/b");
        assertThat(world.refuse(new Command.DeleteGate(new GateName("alone"))).toString())
                .contains("gateSets/b");
        world.accept(new Command.UpdateGateSet(set("b", "customers")));
        assertThat(world.accept(new Command.DeleteGateSet(new GateSetName("a"))))
                .hasAtLeastOneElementOfType(Event.GateSetDeleted.class);
    }

    @Test
    void a_gate_that_is_waited_for_counts_with_its_share() {
        waiting(gate("alone", Mode.OFF, Mode.DUAL_WRITE), Mode.OFF, Mode.DUAL_WRITE);
        assertThat(paths(share(Fixtures.setTarget("a"), 1))).containsExactly("share_ppm");
        world.accept(share(Fixtures.gateTarget("alone"), 9_999));
        assertThat(paths(share(Fixtures.setTarget("a"), 1))).containsExactly("share_ppm");
        world.accept(share(Fixtures.gateTarget("alone"), 10_000));

        assertThat(world.accept(share(Fixtures.setTarget("a"), 1_000_000))).hasSize(1);
    }

    @Test
    void later_modes_are_further_than_any_share_unless_they_are_killed() {
        waiting(gate("alone", Mode.DUAL_WRITE, Mode.SHADOW), Mode.OFF, Mode.DUAL_WRITE);
        world.accept(new Command.Kill(Fixtures.gateTarget("alone")));
        assertThat(paths(share(Fixtures.setTarget("a"), 1))).containsExactly("share_ppm");
        world.accept(new Command.Resume(Fixtures.gateTarget("alone"), List.of()));

        assertThat(world.accept(share(Fixtures.setTarget("a"), 1_000_000))).hasSize(1);
    }

    @Test
    void a_whole_share_of_earlier_modes_is_not_enough() {
        waiting(gate("alone", Mode.OFF, Mode.DUAL_WRITE), Mode.DUAL_WRITE, Mode.SHADOW);
        world.accept(share(Fixtures.gateTarget("alone"), 1_000_000));

        assertThat(paths(share(Fixtures.setTarget("a"), 1))).containsExactly("share_ppm");
    }

    /** A set whose gate goes between these modes, and not before 1 % of another gate. */
    private void waiting(GateSpec other, Mode from, Mode to) {
        world.accept(new Command.CreateGate(other));
        world.accept(new Command.CreateGate(gate("mine", from, to)));
        world.accept(
                new Command.CreateGateSet(
                        set(
                                "a",
                                "mine",
                                new Prerequisite(
                                        Fixtures.gateTarget("alone"),
                                        PartsPerMillion.NONE,
                                        new PartsPerMillion(10_000)))));
    }

    private static GateSpec gate(String id, Mode from, Mode to) {
        return new GateSpec(
                Fixtures.content(id, "orders", 0, id, from, to, TakeBack.FROM), Description.NONE);
    }
}
