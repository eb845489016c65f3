package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes change sides only with the nodes that write them. */
class WritesAtNodesTest {
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);
    private static final Command.BackMoves ALLOWED = Command.BackMoves.ALLOWED;

    private final TwoStores stores = new TwoStores("web-1", "web-2");

    @Test
    void a_way_back_that_some_node_does_not_hold_in_time_is_tried_again_after_a_rest() {
        stores.raised(500_000);
        stores.share(0);
        stores.apply("web-1");
        stores.pass(LONGEST_HOLD);
        stores.settle();
        assertThat(stores.state()).as("released").isEqualTo("0 / 500000");

        stores.applyAll();
        stores.pass(WriteRules.REST.minusMillis(1));
        stores.settle();
        assertThat(stores.state()).as("rests").isEqualTo("0 / 500000");
        stores.pass(Duration.ofMillis(1));
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 500000 / 0..500000");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 0");
    }

    @Test
    void writes_go_on_where_they_are_while_a_node_is_lost_until_it_is_forgotten() {
        stores.raised(500_000);
        stores.give(new Command.NodeLost(new NodeName("web-2")));

        stores.give(new Command.Rollback(TwoStores.TARGET));
        stores.apply("web-1");
        stores.settle();
        assertThat(stores.state()).as("nobody is held up").isEqualTo("0 / 500000");
        assertThat(stores.paths(TwoStores.raise(600_000))).contains("share_ppm");

        stores.give(new Command.ForgetNode(new NodeName("web-2")));
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 500000 / 0..500000");
    }

    @Test
    void a_raise_is_refused_while_a_node_is_lost_or_lags() {
        stores.raised(100_000);
        stores.give(new Command.NodeLost(new NodeName("web-2")));
        assertThat(stores.paths(TwoStores.raise(250_000))).containsExactly("share_ppm");
        assertThat(
                        stores.paths(
                                new Command.CreateRamp(
                                        Fixtures.ramp("r", TwoStores.TARGET, 250_000))))
                .containsExactly("target");

        stores.register("web-2", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        stores.share(250_000);
    }

    @Test
    void nobody_is_waited_for_where_nobody_decides_by_the_gate() {
        stores.give(new Command.NodeLeft(new NodeName("web-1")));
        stores.give(new Command.NodeLeft(new NodeName("web-2")));

        stores.share(250_000);
        assertThat(stores.state()).isEqualTo("250000 / 250000");
        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("250000 / 250000 / killed");
        stores.settle();
        assertThat(stores.state()).isEqualTo("250000 / 0 / killed");
        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        assertThat(stores.state()).isEqualTo("250000 / 250000");
        stores.give(new Command.Kill(TwoStores.TARGET));
        stores.give(new Command.Rollback(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("0 / 0 / killed");
    }

    @Test
    void stock_nodes_hold_up_raises_and_the_end_of_a_kill_but_no_way_back() {
        stores.raised(100_000);
        stores.register("envoy-1", NodeSpec.Kind.ENVOY, 0);
        stores.applyAll();

        List<Refusal> refusals = stores.world.refuse(TwoStores.raise(250_000));
        assertThat(refusals.getFirst().problem().got())
                .isEqualTo("writes of gates/orders pass nodes/envoy-1, which can't hold them");
        assertThat(refusals.getFirst().problem().remedy()).contains("Sluice sidecars");

        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.paths(new Command.Resume(TwoStores.TARGET, List.of())))
                .containsExactly("name");
        stores.give(new Command.Rollback(TwoStores.TARGET));
        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        assertThat(stores.gate().share().isNone()).isTrue();
    }

    @Test
    void sidecars_that_can_not_read_it_hold_up_the_modes_that_move_writes() {
        TwoStores others = new TwoStores();
        others.register("web-1", NodeSpec.Kind.SLUICE, 2);
        others.give(
                new Command.DeleteRoute(Fixtures.routeToGate("orders", "all", "orders").name()));
        others.give(new Command.DeleteGate(TwoStores.GATE));
        others.give(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        1_000_000,
                                        "seed",
                                        Mode.DUAL_WRITE,
                                        Mode.SHADOW,
                                        TakeBack.FROM),
                                Description.NONE)));
        others.give(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        others.applyAll();

        assertThat(others.paths(new Command.UpdateGate(TwoStores.gate("orders"), ALLOWED)))
                .containsExactly("from");

        others.register("web-1", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        others.give(new Command.UpdateGate(TwoStores.gate("orders"), ALLOWED));
        assertThat(others.state()).isEqualTo("0 / 0");
    }
}
