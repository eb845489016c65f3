package dev.sluice.control.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.Baseline;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.JudgedStep.Recorded;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.Criterion;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.Measure;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.JudgePolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoakAndCriteriaTest {
    private static final Baseline GOOD_LEGACY =
            new Baseline(100_000, 100, 1_000_000, 1_000, 20_000);

    private final Judge judge = new KeyJudge();

    @Test
    void a_soak_as_good_as_the_baseline_is_non_inferior() {
        assertThat(soak(arm(50_000, 50, 500_000, 500, 20_000), Optional.of(GOOD_LEGACY)))
                .extracting(Verdict::outcome)
                .isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void a_soak_that_errs_more_than_the_baseline_and_margin_is_degraded() {
        Verdict verdict =
                soak(arm(50_000, 2_000, 500_000, 20_000, 20_000), Optional.of(GOOD_LEGACY));

        assertThat(verdict.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(verdict.explanation()).contains("than legacy did before");
    }

    @Test
    void one_key_with_many_errors_degrades_no_soak_and_proves_none() {
        assertThat(soak(arm(50_000, 1, 500_000, 20_000, 20_000), Optional.of(GOOD_LEGACY)))
                .extracting(Verdict::outcome)
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void a_soak_without_baseline_or_slower_than_it_is_undecided() {
        assertThat(soak(arm(50_000, 50, 500_000, 500, 20_000), Optional.empty()))
                .extracting(Verdict::outcome)
                .isEqualTo(Outcome.UNDECIDED);
        Verdict slow = soak(arm(50_000, 50, 500_000, 500, 26_001), Optional.of(GOOD_LEGACY));
        assertThat(slow.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(slow.explanation()).contains("26001 us").contains("20000 us");
        assertThat(soak(arm(50_000, 50, 500_000, 500, 26_000), Optional.of(GOOD_LEGACY)))
                .extracting(Verdict::outcome)
                .isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void what_was_recorded_on_purpose_goes_before_what_the_steps_tell() {
        JudgedArm slow = arm(50_000, 50, 500_000, 500, 39_000);
        JudgedArm bad = arm(50_000, 2_000, 500_000, 20_000, 20_000);

        assertThat(soak(slow, recorded(GATE, legacy(30_000))).outcome())
                .as("no slower than what was recorded, though slower than in the steps")
                .isEqualTo(Outcome.NON_INFERIOR);
        Verdict slower = soak(slow, recorded(GATE, legacy(20_000)));
        assertThat(slower.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(slower.explanation()).endsWith("20000 us before (baselines/before of May)");
        Verdict worse = soak(bad, recorded(GATE, legacy(20_000)));
        assertThat(worse.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(worse.explanation())
                .contains("than legacy did before (baselines/before of May)");
    }

    private static JudgedArm legacy(long p99) {
        return arm(100_000, 100, 1_000_000, 1_000, p99);
    }

    @Test
    void a_gate_without_a_count_of_its_own_in_what_was_recorded_is_undecided() {
        JudgedArm good = arm(50_000, 50, 500_000, 500, 20_000);

        Verdict other = soak(good, recorded(new GateName("h"), good));
        Verdict empty = soak(good, recorded(GATE, JudgedArm.NONE));

        assertThat(List.of(other, empty))
                .allSatisfy(verdict -> {
                    assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
                    assertThat(verdict.explanation())
                            .isEqualTo("what was recorded of legacy has no count of gates/g");
                });
    }

    @Test
    void buckets_of_carried_decisions_are_compared_with_buckets() {
        JudgedArm good = arm(50_000, 50, 500_000, 500, 20_000);
        JudgedGate silent =
                new JudgedGate(
                        GATE,
                        new GateRevision(1, 1),
                        JudgedArm.NONE,
                        new JudgedArm(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500_000, 0, 0, 0));
        JudgedGate carried = new JudgedGate(GATE, new GateRevision(1, 1), JudgedArm.NONE, good);

        Verdict verdict =
                judge.judge(
                        whole(
                                JudgePolicy.DEFAULT,
                                silent,
                                List.of(carried),
                                new Recorded(
                                        GATE, JudgedArm.NONE, legacy(20_000), "baselines/before")));

        assertThat(verdict.outcome()).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void criteria_against_legacy_go_by_what_was_recorded_where_legacy_has_no_share() {
        Criterion timeouts =
                new Criterion(Measure.TIMEOUTS, Against.LEGACY, 2_000, OnBreach.ROLL_BACK);
        Criterion p99 = new Criterion(Measure.P99_MICROS, Against.LEGACY, 1_000, OnBreach.HOLD);
        JudgedArm few = timing(0, 20_000);
        JudgedArm many = timing(300_000, 20_000);

        assertThat(soak(with(timeouts), few, recorded(GATE, few)).outcome())
                .isEqualTo(Outcome.NON_INFERIOR);
        assertThat(soak(with(timeouts), many, recorded(GATE, few)).outcome())
                .isEqualTo(Outcome.DEGRADED);
        assertThat(soak(with(p99), few, recorded(GATE, few)).outcome())
                .isEqualTo(Outcome.NON_INFERIOR);
        assertThat(soak(with(p99), timing(0, 21_001), recorded(GATE, few)).outcome())
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void the_baseline_that_a_policy_names_is_missed_by_its_name() {
        Verdict verdict =
                judge.judge(
                        step(
                                4,
                                5,
                                1_000_000,
                                Fixtures.against(JudgePolicy.DEFAULT, "before"),
                                arm(50_000, 50, 500_000, 500, 20_000),
                                NO_STALE,
                                Optional.empty()));

        assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict.explanation()).contains("baselines/before");
    }

    @Test
    void the_baseline_is_what_legacy_did_in_all_steps() {
        Verdict one = Fixtures.verdict(0, Outcome.NON_INFERIOR);
        assertThat(Baseline.of(List.of())).isEmpty();
        assertThat(Baseline.of(List.of(one))).as("legacy answered nothing").isEmpty();
        Verdict judged = atHalf(JudgePolicy.DEFAULT, arm(900, 9, 9_000, 90, 7), NO_STALE);
        assertThat(Baseline.of(List.of(judged, judged)))
                .contains(new Baseline(200_000, 0, 2_000_000, 0, 20_000));
    }

    @Test
    void what_changed_under_the_counts_makes_them_invalid_but_stops_no_rollback() {
        List<String> changed = List.of("services/orders/versions/v2 changed during the step");
        Verdict verdict =
                atHalf(JudgePolicy.DEFAULT, arm(100_000, 0, 1_000_000, 0, 20_000), changed);
        assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
        assertThat(verdict.explanation()).contains("versions/v2");
        assertThat(
                        atHalf(
                                        JudgePolicy.DEFAULT,
                                        arm(100_000, 900, 1_000_000, 900, 20_000),
                                        changed)
                                .outcome())
                .isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void a_criterion_is_shown_to_hold_to_be_broken_or_neither() {
        Criterion timeouts =
                new Criterion(Measure.TIMEOUTS, Against.LEGACY, 2_000, OnBreach.ROLL_BACK);

        assertThat(timeouts(timeouts, 100_000, 0)).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(timeouts(timeouts, 100_000, 30_000)).isEqualTo(Outcome.DEGRADED);
        assertThat(timeouts(timeouts, 100_000, 200)).isEqualTo(Outcome.UNDECIDED);
        assertThat(timeouts(holding(timeouts), 100_000, 30_000)).isEqualTo(Outcome.UNDECIDED);
        assertThat(timeouts(alone(timeouts), 100_000, 30_000)).isEqualTo(Outcome.DEGRADED);
        assertThat(timeouts(alone(timeouts), 100_000, 0)).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void each_measure_reads_its_own_count() {
        for (Measure measure : Measure.values()) {
            Criterion none = new Criterion(measure, Against.NOTHING, 1, OnBreach.HOLD);
            Verdict verdict =
                    atHalf(
                            with(none),
                            new JudgedArm(
                                    100_000, 100_000, 0, 0, 1_000_000, 90_000, 80_000, 70_000,
                                    60_000, 50_000, 0, 40_000, 0, 0, 5_000, 20_000),
                            NO_STALE);
            assertThat(verdict.outcome()).as("%s", measure).isEqualTo(Outcome.UNDECIDED);
            assertThat(verdict.explanation()).startsWith(measure.name());
        }
    }

    @Test
    void a_latency_above_its_limit_holds_and_never_rolls_back() {
        Criterion p99 =
                new Criterion(Measure.P99_MICROS, Against.NOTHING, 19_999, OnBreach.ROLL_BACK);
        Criterion beside = new Criterion(Measure.P99_MICROS, Against.LEGACY, 0, OnBreach.ROLL_BACK);
        JudgedArm good = arm(100_000, 0, 1_000_000, 0, 20_000);

        assertThat(atHalf(with(p99), good, NO_STALE).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(atHalf(with(beside), good, NO_STALE).outcome()).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void a_verdict_replays_bit_for_bit_from_the_line_of_the_log_that_keeps_it() {
        Criterion timeouts =
                new Criterion(Measure.TIMEOUTS, Against.LEGACY, 2_000, OnBreach.ROLL_BACK);
        Verdict verdict = atHalf(with(timeouts), arm(99_999, 77, 123_457, 91, 20_001), NO_STALE);
        String line =
                EventCodec.encode(
                        Fixtures.STAMP,
                        new Event.RampJudged(
                                Fixtures.ramp("r", Fixtures.gateTarget("g"), 1).name(), verdict));

        var read = (Event.RampJudged) EventCodec.decode(line).event();

        assertThat(judge.judge(read.verdict().record().orElseThrow())).isEqualTo(verdict);
    }

    @Test
    void the_reach_of_a_step_is_the_least_number_of_keys_that_passes_it() {
        Reach early = Reach.of(JudgePolicy.DEFAULT, new PartsPerMillion(10_000), 0.001);
        Reach late = Reach.of(JudgePolicy.DEFAULT, new PartsPerMillion(990_000), 0.001);
        Reach whole = Reach.of(JudgePolicy.DEFAULT, new PartsPerMillion(1_000_000), 0.001);

        assertThat(early.margin()).isEqualTo(0.05);
        assertThat(early.freshKeys().orElseThrow()).isBetween(100L, 1_000L);
        assertThat(late.keys().orElseThrow()).isGreaterThan(early.keys().orElseThrow());
        assertThat(whole.keys()).isEqualTo(whole.freshKeys());
        assertThat(
                        Reach.of(
                                        new JudgePolicy(
                                                10_000, 1, 100, false, List.of(), List.of()),
                                        new PartsPerMillion(990_000),
                                        0.2)
                                .keys())
                .as("beyond reach")
                .isEmpty();
    }

    @Test
    void early_steps_may_spend_more_and_all_together_no_more_than_the_whole() {
        for (int steps : new int[] {1, 2, 7, 50}) {
            double spent = 0;
            double before = 1;
            for (int step = 0; step < steps; step++) {
                Alpha alpha =
                        Alpha.of(
                                step(
                                        step,
                                        steps,
                                        500_000,
                                        JudgePolicy.DEFAULT,
                                        arm(1, 0, 1, 0, 1),
                                        NO_STALE,
                                        Optional.empty()),
                                3,
                                2);
                spent += 3 * (alpha.errors() + 3 * alpha.other());
                assertThat(alpha.ofStep()).isLessThan(before);
                before = alpha.ofStep();
            }
            assertThat(spent).isBetween(0.0099, 0.0100001);
        }
    }

    private static final List<String> NO_STALE = List.of();
    private static final GateName GATE = new GateName("g");

    private static Recorded recorded(GateName gate, JudgedArm legacy) {
        return new Recorded(gate, legacy, JudgedArm.NONE, "baselines/before of May");
    }

    private static JudgedArm timing(long timeouts, long p99) {
        return new JudgedArm(
                100_000, 100_000, 0, 0, 1_000_000, 0, 0, 0, timeouts, 0, 0, 0, 0, 0, 5_000, p99);
    }

    private Verdict soak(JudgedArm fresh, Recorded recorded) {
        return soak(JudgePolicy.DEFAULT, fresh, recorded);
    }

    private Verdict soak(JudgePolicy policy, JudgedArm fresh, Recorded recorded) {
        JudgedGate gate = new JudgedGate(GATE, new GateRevision(1, 1), JudgedArm.NONE, fresh);
        return judge.judge(whole(policy, gate, List.of(), recorded));
    }

    private static JudgedStep whole(
            JudgePolicy policy, JudgedGate gate, List<JudgedGate> carried, Recorded recorded) {
        return new JudgedStep(
                4,
                5,
                PartsPerMillion.ALL,
                policy,
                Fixtures.START,
                List.of(gate),
                carried,
                0,
                NO_STALE,
                Optional.of(GOOD_LEGACY),
                List.of(),
                List.of(recorded));
    }

    private Outcome timeouts(Criterion criterion, long keys, long timeouts) {
        return atHalf(
                        with(criterion),
                        new JudgedArm(
                                keys,
                                keys,
                                0,
                                0,
                                keys * 10,
                                0,
                                0,
                                0,
                                timeouts * 10,
                                0,
                                0,
                                0,
                                0,
                                0,
                                5_000,
                                20_000),
                        NO_STALE)
                .outcome();
    }

    private static Criterion holding(Criterion criterion) {
        return new Criterion(
                criterion.measure(), criterion.against(), criterion.limit(), OnBreach.HOLD);
    }

    private static Criterion alone(Criterion criterion) {
        return new Criterion(
                criterion.measure(), Against.NOTHING, criterion.limit(), criterion.onBreach());
    }

    private static JudgePolicy with(Criterion criterion) {
        return new JudgePolicy(10_000, 1_000, 100, false, List.of(criterion), List.of());
    }

    private Verdict soak(JudgedArm fresh, Optional<Baseline> baseline) {
        return judge.judge(step(4, 5, 1_000_000, JudgePolicy.DEFAULT, fresh, NO_STALE, baseline));
    }

    private Verdict atHalf(JudgePolicy policy, JudgedArm fresh, List<String> stale) {
        return judge.judge(step(2, 5, 500_000, policy, fresh, stale, Optional.empty()));
    }

    private static JudgedStep step(
            int index,
            int steps,
            int share,
            JudgePolicy policy,
            JudgedArm fresh,
            List<String> stale,
            Optional<Baseline> baseline) {
        JudgedArm legacy =
                share == 1_000_000 ? JudgedArm.NONE : arm(100_000, 0, 1_000_000, 0, 20_000);
        return new JudgedStep(
                index,
                steps,
                new PartsPerMillion(share),
                policy,
                Fixtures.START,
                List.of(new JudgedGate(new GateName("g"), new GateRevision(1, 1), legacy, fresh)),
                List.of(),
                0,
                stale,
                baseline,
                List.of(),
                List.of());
    }

    private static JudgedArm arm(long keys, long errorKeys, long requests, long errors, long p99) {
        return new JudgedArm(
                keys, keys, errorKeys, 0, requests, 0, errors, 0, 0, 0, 0, 0, 0, 0, p99 / 4, p99);
    }
}
