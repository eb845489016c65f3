package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.GateSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How long a gate lets its writes wait, and so how long a hold lasts. */
class WriteMaxWaitTest {
    private final TwoStores stores = new TwoStores("web-1", "web-2");

    @Nested
    class WithALongerWait {
        WithALongerWait() {
            stores.give(waiting(Duration.ofSeconds(20)));
            stores.applyAll();
        }

        @Test
        void a_hold_says_it_and_lasts_2_s_less() {
            stores.share(250_000);
            stores.apply("web-1");
            assertThat(stores.gate().writeHold())
                    .contains(new Gate.WriteHold(0, 250_000, Duration.ofSeconds(20)));
            stores.pass(Duration.ofSeconds(18).minusMillis(1));
            stores.settle();
            assertThat(stores.state()).isEqualTo("0 / 0 / 0..250000");

            stores.pass(Duration.ofMillis(1));
            stores.settle();

            assertThat(stores.state()).isEqualTo("0 / 0");
        }

        @Test
        void the_same_share_again_is_no_change() {
            stores.share(250_000);
            stores.applyAll();
            stores.settle();
            long seq = stores.world.catalog().seq();

            stores.share(250_000);

            assertThat(stores.world.catalog().seq()).isEqualTo(seq);
        }
    }

    @Test
    void a_wait_of_writes_is_refused_out_of_its_range_and_where_one_store_is_written() {
        for (Duration wait : List.of(Duration.ofMillis(2_999), Duration.ofMillis(60_001))) {
            assertThat(stores.paths(waiting(wait))).containsExactly("write_max_wait");
        }
        GateSpec one = Fixtures.gate("one", "orders", 0);

        assertThat(
                        stores.paths(
                                new Command.CreateGate(
                                        new GateSpec(
                                                one.content(),
                                                one.description(),
                                                Optional.empty(),
                                                Optional.of(Duration.ofSeconds(5))))))
                .containsExactly("write_max_wait");
    }

    private Command waiting(Duration wait) {
        GateSpec spec = stores.world.gate("orders").spec();
        return new Command.UpdateGate(
                new GateSpec(spec.content(), spec.description(), spec.expires(), Optional.of(wait)),
                Command.BackMoves.REFUSED);
    }
}
