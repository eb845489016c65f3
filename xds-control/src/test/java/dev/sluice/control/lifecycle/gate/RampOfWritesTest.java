package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.RampName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps of a ramp whose writes change sides. */
class RampOfWritesTest {
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

    private final TwoStores stores = new TwoStores("web-1", "web-2");

    private final RampName ramp = new RampName("r");

    RampOfWritesTest() {
        stores.give(new Command.CreateRamp(Fixtures.ramp("r", TwoStores.TARGET, 100_000, 250_000)));
    }

    @Test
    void a_step_is_in_force_when_its_writes_have_come() {
        stores.applyAll();
        assertThat(stores.paths(new Command.ConfirmStep(ramp, 0))).containsExactly("step", "step");
        stores.settle();
        stores.applyAll();

        stores.give(new Command.ConfirmStep(ramp, 0));
        stores.world.accept(new Command.StepRamp(ramp, 0), stores.world.soaked(ramp));

        assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");
    }

    @Test
    void a_step_that_comes_to_nothing_waits_for_a_person() {
        stores.apply("web-1");
        stores.pass(LONGEST_HOLD);
        stores.settle();

        assertThat(stores.state()).isEqualTo("0 / 0");
        assertThat(stores.world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        assertThat(stores.world.ramp("r").message())
                .isEqualTo(
                        "its writes could not change sides: within 3 s the hold was not"
                                + " applied by nodes/web-2");
        stores.applyAll();
        assertThat(stores.paths(new Command.ConfirmStep(ramp, 0)))
                .as("the share is not what the step says")
                .containsExactly("step");
        stores.give(new Command.ResumeRamp(ramp));
        assertThat(stores.state()).isEqualTo("0 / 0 / 0..100000");
    }

    @Test
    void a_raise_that_a_person_ends_holds_the_ramp() {
        stores.share(0);

        assertThat(stores.world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        assertThat(stores.state()).isEqualTo("0 / 0");
    }

    @Test
    void its_end_takes_writes_back_as_well() {
        stores.applyAll();
        stores.settle();
        stores.applyAll();

        stores.give(new Command.AbortRamp(ramp));

        assertThat(stores.state()).isEqualTo("0 / 100000 / 0..100000");
    }

    @Test
    void the_next_step_names_the_nodes_that_would_not_hold() {
        stores.applyAll();
        stores.settle();
        stores.applyAll();
        stores.give(new Command.ConfirmStep(ramp, 0));
        stores.give(new Command.NodeLost(new NodeName("web-2")));

        List<Refusal> refusals =
                stores.world.refuse(new Command.StepRamp(ramp, 0), stores.world.soaked(ramp));

        assertThat(refusals).extracting(it -> it.problem().path()).containsExactly("target");
        assertThat(refusals.getFirst().problem().got())
                .isEqualTo(
                        "a raise that moves writes of gates/orders, which nodes/web-2 would"
                                + " not hold");
    }
}
