package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.GateSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a raise whose writes are held and have not changed sides yet. */
class RaiseOnItsWayTest {
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

    private final TwoStores stores = new TwoStores("web-1", "web-2");

    RaiseOnItsWayTest() {
        stores.raised(100_000);
        stores.share(250_000);
        assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");
    }

    @Test
    void another_raise_is_refused_with_what_is_waited_for() {
        List<Refusal> refusals =
                stores.world.refuse(
                        TwoStores.raise(500_000), stores.context(TwoStores.raise(500_000)));

        assertThat(refusals).extracting(Refusal::kind).containsOnly(Refusal.Kind.PRECONDITION);
        assertThat(refusals.getFirst().problem().got())
                .isEqualTo(
                        "gates/orders: 10 % of its writes are on their way to 25 %, and wait"
                                + " for nodes/web-1, nodes/web-2");
        assertThat(refusals.getFirst().problem().remedy()).contains("forget");
    }

    @Test
    void a_kill_ends_it_and_takes_back_what_there_is() {
        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("100000 / 100000 / killed");

        stores.applyAll();
        stores.settle();
        stores.applyAll();
        stores.settle();

        assertThat(stores.state()).isEqualTo("100000 / 0 / killed");
    }

    @Test
    void a_rollback_ends_it_and_goes_on_when_the_nodes_have_followed() {
        stores.give(new Command.Rollback(TwoStores.TARGET));
        assertThat(stores.state()).as("nodes lag").isEqualTo("0 / 100000");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 100000 / 0..100000");
        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 0");
    }

    @Test
    void the_share_in_force_ends_it() {
        stores.share(100_000);
        stores.applyAll();
        stores.settle();

        assertThat(stores.state()).isEqualTo("100000 / 100000");
    }

    @Test
    void what_does_not_move_keys_leaves_it_on_its_way() {
        GateSpec spec = stores.world.gate("orders").spec();
        stores.give(
                new Command.UpdateGate(
                        new GateSpec(
                                spec.content()
                                        .withRules(
                                                List.of(
                                                        new Rule(
                                                                "in",
                                                                RequestMatch.EVERY,
                                                                new Rule.Outcome.Fixed(Arm.NEW)))),
                                spec.description()),
                        Command.BackMoves.ALLOWED));
        assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");

        stores.applyAll();
        stores.settle();

        assertThat(stores.state()).isEqualTo("250000 / 250000");
    }

    @Test
    void it_comes_to_nothing_when_a_node_does_not_hold_in_time() {
        stores.apply("web-1");
        stores.pass(LONGEST_HOLD.minusMillis(1));
        stores.settle();
        assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");

        stores.pass(Duration.ofMillis(1));
        stores.settle();

        assertThat(stores.state()).isEqualTo("100000 / 100000");
        assertThat(stores.actions()).endsWith(Action.WRITES_RELEASED);
    }
}
