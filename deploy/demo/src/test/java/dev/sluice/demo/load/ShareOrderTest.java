package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.demo.load.ShareOrder.End;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ShareOrderTest {
    private static final List<Integer> PLAN = List.of(0, 250_000, 1_000_000);

    private final Ledger ledger = new Ledger();

    @Test
    void the_whole_plan_in_its_order_holds() {
        meet(0, 0, 250_000, 250_000, 1_000_000);

        assertThat(holds(End.AT_THE_LAST)).isTrue();
        assertThat(holds(End.BACK_AT_ZERO)).isFalse();
    }

    @Test
    void answers_that_overtake_each_other_change_nothing() {
        meet(0, 250_000, 1_000_000);
        add(1, 250_000);

        assertThat(holds(End.AT_THE_LAST)).as("sent second, ended last").isTrue();
    }

    @Test
    void a_left_out_step_is_found() {
        meet(0, 1_000_000);

        assertThat(holds(End.AT_THE_LAST)).isFalse();
    }

    @Test
    void steps_in_another_order_are_found() {
        meet(250_000, 0, 1_000_000);

        assertThat(holds(End.AT_THE_LAST)).isFalse();
    }

    @Test
    void a_share_that_is_not_in_the_plan_is_found() {
        meet(0, 250_000, 500_000, 1_000_000);

        assertThat(holds(End.AT_THE_LAST)).isFalse();
    }

    @Test
    void an_end_elsewhere_than_at_the_last_share_is_found() {
        meet(0, 250_000, 1_000_000, 250_000);

        assertThat(holds(End.AT_THE_LAST)).isFalse();
    }

    @Test
    void some_of_the_plan_and_then_zero_is_a_way_back() {
        meet(0, 250_000, 0);

        assertThat(holds(End.BACK_AT_ZERO)).isTrue();
        assertThat(holds(End.AT_THE_LAST)).isFalse();
    }

    @Test
    void a_way_back_that_does_not_arrive_at_zero_is_found() {
        meet(0, 250_000);

        assertThat(holds(End.BACK_AT_ZERO)).isFalse();
    }

    @Test
    void a_way_back_without_a_way_there_is_found() {
        meet(0, 0);

        assertThat(holds(End.BACK_AT_ZERO)).isFalse();
    }

    @Test
    void a_ledger_without_decisions_does_not_hold() {
        assertThat(holds(End.AT_THE_LAST)).isFalse();
        assertThat(holds(End.BACK_AT_ZERO)).isFalse();
    }

    private boolean holds(End end) {
        return new ShareOrder(PLAN, end).check(ledger).hold();
    }

    private void meet(int... shares) {
        for (int i = 0; i < shares.length; i++) {
            add(i, shares[i]);
        }
    }

    private void add(int second, int share) {
        GateDecision decision =
                new GateDecision(
                        GateName.parse("gates/orders").orThrow(),
                        Optional.empty(),
                        Arm.LEGACY,
                        Mode.OFF,
                        Reason.SHARE,
                        Optional.empty(),
                        OptionalInt.of(999_999),
                        new PartsPerMillion(share),
                        new GateDecision.Key.NotRead());
        ledger.record(
                new Entry(
                        new Call.ReadOrder(1),
                        Instant.ofEpochSecond(second),
                        Duration.ofMillis(1),
                        new Entry.Outcome.Answered(
                                200, "", Optional.of(decision), Optional.empty(), "")));
    }
}
