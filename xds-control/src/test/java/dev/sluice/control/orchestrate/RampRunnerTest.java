package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Queried;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.judge.KeyJudge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A ramp over one sidecar, in virtual time and on one thread. */
class RampRunnerTest {
    private final OneRamp orders = new OneRamp();

    @Test
    void walks_all_steps_on_good_evidence_and_succeeds() {
        orders.start(Advance.JUDGED, 50_000, 500_000, 990_000);
        List<Integer> shares = new ArrayList<>();

        for (int second = 0; second < 200 && orders.ramp().state() == RampState.RUNNING; second++) {
            shares.add(orders.share());
            orders.report(0, 0);
            orders.second();
        }

        assertThat(orders.ramp().state()).isEqualTo(RampState.SUCCEEDED);
        assertThat(shares.stream().distinct()).containsExactly(50_000, 500_000, 990_000);
        assertThat(shares.stream().filter(share -> share == 50_000).count())
                .as("each step soaks its thirty seconds")
                .isGreaterThanOrEqualTo(30);
        assertThat(orders.ramp().history())
                .extracting(Verdict::outcome)
                .containsOnly(Verdict.Outcome.NON_INFERIOR)
                .hasSize(3);
    }

    @Test
    void takes_back_when_the_new_arm_is_worse() {
        orders.start(Advance.TIMED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();

        orders.report(60, 20);
        orders.second();

        assertThat(orders.ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(orders.share()).isZero();
        assertThat(orders.ramp().message()).contains("an error");
        assertThat(orders.runner.verdict(OneRamp.RAMP))
                .hasValueSatisfying(verdict ->
                        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.DEGRADED));
        orders.second();
        assertThat(orders.runner.verdict(OneRamp.RAMP)).as("an ended ramp").isEmpty();
    }

    @Test
    void without_evidence_asks_a_person_after_the_longest_soak() {
        orders.start(Advance.JUDGED, 50_000, 500_000);
        for (int second = 0; second < 320; second++) {
            orders.heartbeat();
            orders.second();
            if (second < 290) {
                assertThat(orders.ramp().state()).isEqualTo(RampState.RUNNING);
            }
        }

        assertThat(orders.ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(orders.ramp().message()).contains("longest soak is over").contains("no request");
        orders.give(
                new Command.AdvanceRamp(OneRamp.RAMP),
                Fixtures.admin().withEtag(orders.ramp().meta().etag()));
        assertThat(orders.share()).isEqualTo(500_000);
    }

    @Test
    void an_approved_step_waits_for_a_person_after_its_soak() {
        orders.start(Advance.APPROVED, 50_000, 500_000);
        for (int second = 0; second < 35; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(orders.share()).isEqualTo(50_000);
    }

    @Test
    void a_trip_takes_the_ramp_back() {
        orders.start(Advance.JUDGED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();
        orders.tell(new Command.RecordTrip(Fixtures.trip("orders", 1)));

        orders.second();

        assertThat(orders.ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(orders.ramp().message()).contains("n/b/1");
        assertThat(orders.share()).isZero();
    }

    @Test
    void a_paused_ramp_holds_and_is_still_taken_back() {
        orders.start(Advance.TIMED, 50_000, 500_000);
        orders.report(0, 0);
        orders.second();
        orders.give(new Command.PauseRamp(OneRamp.RAMP));
        for (int second = 0; second < 60; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.share()).isEqualTo(50_000);

        orders.report(60, 20);
        orders.second();
        assertThat(orders.ramp().state()).isEqualTo(RampState.ROLLED_BACK);
    }

    @Test
    void what_a_metrics_server_says_takes_back_and_stands_in_the_record() {
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), Advance.JUDGED, 50_000);
        orders.give(new Command.CreateRamp(Queried.ramp(plain)));
        orders.report(0, 0);
        orders.second();
        orders.second();
        assertThat(orders.ramp().verdict().orElseThrow().explanation())
                .contains("lag of gates/orders");

        orders.asked = List.of(Queried.answers(OneRamp.GATE, orders.clock.instant(), 7.5, 7.5));
        orders.report(0, 0);
        orders.second();

        assertThat(orders.ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(orders.ramp().message()).contains("lag of gates/orders: 7.5");
        Verdict verdict = orders.ramp().verdict().orElseThrow();
        assertThat(new KeyJudge().judge(verdict.record().orElseThrow())).isEqualTo(verdict);
    }

    /** The control plane is killed and started anew after every single tick. */
    @Test
    void restarts_at_any_moment_do_no_step_twice_and_lose_none() {
        orders.start(Advance.JUDGED, 50_000, 500_000, 990_000);
        List<Integer> shares = new ArrayList<>();

        for (int second = 0; second < 200 && orders.ramp().state() == RampState.RUNNING; second++) {
            shares.add(orders.share());
            orders.restart();
            orders.report(0, 0);
            orders.second();
        }

        assertThat(orders.ramp().state()).isEqualTo(RampState.SUCCEEDED);
        assertThat(shares.stream().distinct()).containsExactly(50_000, 500_000, 990_000);
    }

    @Test
    void a_failing_store_delays_and_breaks_nothing() {
        orders.start(Advance.TIMED, 50_000, 500_000);
        orders.store.be(MemoryEventStore.Mood.FAILING);
        for (int second = 0; second < 60; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.share()).isEqualTo(50_000);

        orders.store.be(MemoryEventStore.Mood.WELL);
        for (int second = 0; second < 60; second++) {
            orders.report(0, 0);
            orders.second();
        }
        assertThat(orders.share()).isEqualTo(500_000);
    }

    @Test
    void a_hundred_percent_is_judged_against_what_was_recorded_before_the_ramp() {
        orders.report(0, 1_000);
        orders.record();
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), 990_000, 1_000_000);
        JudgePolicy lenient = new JudgePolicy(10_000, 100_000, 100, false, List.of(), List.of());
        orders.give(
                new Command.CreateRamp(
                        new RampSpec(
                                plain.name(),
                                plain.target(),
                                plain.steps(),
                                Fixtures.against(lenient, "before"),
                                Optional.empty())));
        for (int second = 0; second < 200 && orders.ramp().state() == RampState.RUNNING; second++) {
            orders.report(orders.share() == 1_000_000 ? 800 : 0, 0);
            orders.second();
        }

        assertThat(orders.ramp().state())
                .as("legacy without an error in the steps is not what it is compared with")
                .isEqualTo(RampState.SUCCEEDED);
        JudgedStep last = orders.ramp().history().getLast().record().orElseThrow();
        assertThat(last.baseline()).isEmpty();
        assertThat(last.recorded())
                .singleElement()
                .satisfies(recorded -> {
                    assertThat(recorded.own().errorKeys()).isEqualTo(1_000);
                    assertThat(recorded.source()).startsWith("baselines/before of ");
                });
        assertThat(orders.ramp().history().getFirst().record().orElseThrow().recorded()).isEmpty();
    }
}
