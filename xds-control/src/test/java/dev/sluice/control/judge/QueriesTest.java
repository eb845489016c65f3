package dev.sluice.control.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.Queried;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.QueryCriterion.Bound;
import dev.sluice.control.change.spec.QueryCriterion.Limit;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueriesTest {
    private static final GateName GATE = new GateName("g");
    private static final Instant NOW = Fixtures.START;
    private static final Limit ALONE =
            Queried.limit(Against.NOTHING, Bound.AT_MOST, OnBreach.ROLL_BACK);
    private static final Limit BESIDE =
            Queried.limit(Against.LEGACY, Bound.AT_MOST, OnBreach.ROLL_BACK);

    private final Judge judge = new KeyJudge();

    @Test
    void a_limit_that_is_kept_lets_good_keys_go_on() {
        assertThat(judged(ALONE, 4, 5).outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(judged(atLeast(), 6, 5).outcome()).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void as_many_looks_in_a_row_as_asked_for_take_back_and_fewer_hold() {
        assertThat(judged(ALONE, 5.1, 5.1).outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(judged(ALONE, 5, 5.1).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(judged(ALONE, 5.1).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(judged(ALONE, 5.1, 5).outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(judged(atLeast(), 4.9, 4.9).outcome()).isEqualTo(Outcome.DEGRADED);
        Limit holding = Queried.limit(Against.NOTHING, Bound.AT_MOST, OnBreach.HOLD);
        assertThat(judged(holding, 5.1, 5.1).outcome()).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void no_data_is_never_success_and_takes_nothing_back() {
        Look none = new Look(NOW, Optional.empty(), Optional.empty(), "of the new arm: no series");
        Verdict verdict = judged(ALONE, new JudgedQuery("lag", GATE, List.of(none, none)));

        assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict.explanation())
                .isEqualTo("lag of gates/g: no data, of the new arm: no series");
        assertThat(judged(ALONE).outcome()).as("not asked yet").isEqualTo(Outcome.UNDECIDED);
        Verdict other =
                judged(ALONE, new JudgedQuery("lag", new GateName("other"), looks(NOW, 1, 1)));
        assertThat(other.explanation()).as("of another gate").contains("not asked yet");
    }

    @Test
    void an_old_value_neither_lets_go_on_nor_takes_back() {
        Instant old = NOW.minusSeconds(31);
        Verdict good = judged(ALONE, Queried.answers(GATE, old, 1, 1));

        assertThat(good.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(good.explanation()).contains("the newest value is of " + old);
        assertThat(judged(ALONE, Queried.answers(GATE, old, 9, 9)).outcome())
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(judged(ALONE, Queried.answers(GATE, NOW.minusSeconds(30), 9, 9)).outcome())
                .isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void against_legacy_the_difference_counts() {
        Verdict worse = judged(BESIDE, compared(100, 105.5));

        assertThat(worse.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(worse.explanation())
                .contains("5.50000 (new 105.500, legacy 100.000), at most 5.00000 allowed");
        assertThat(judged(BESIDE, compared(100, 104)).outcome()).isEqualTo(Outcome.NON_INFERIOR);
        Look half = new Look(NOW, Optional.empty(), Optional.of(9.0), "of the legacy arm: gone");
        assertThat(judged(BESIDE, new JudgedQuery("lag", GATE, List.of(half, half))).explanation())
                .contains("no data, of the legacy arm: gone");
    }

    @Test
    void where_sidecars_count_nothing_a_server_can_take_back_but_not_let_go_on() {
        JudgedGate silent = new JudgedGate(GATE, REVISION, JudgedArm.NONE, JudgedArm.NONE);

        assertThat(judged(silent, ALONE, Queried.answers(GATE, NOW, 9, 9)).outcome())
                .isEqualTo(Outcome.DEGRADED);
        assertThat(judged(silent, ALONE, Queried.answers(GATE, NOW, 1, 1)).outcome())
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void a_verdict_replays_from_the_log_without_the_server() {
        Verdict verdict = judged(BESIDE, compared(0.1, 7.3));
        String line =
                EventCodec.encode(
                        Fixtures.STAMP,
                        new Event.RampJudged(
                                Fixtures.ramp("r", Fixtures.gateTarget("g"), 1).name(), verdict));

        var read = (Event.RampJudged) EventCodec.decode(line).event();

        assertThat(judge.judge(read.verdict().record().orElseThrow())).isEqualTo(verdict);
    }

    private static final GateRevision REVISION = new GateRevision(1, 1);

    private static Limit atLeast() {
        return Queried.limit(Against.NOTHING, Bound.AT_LEAST, OnBreach.ROLL_BACK);
    }

    private static JudgedQuery compared(double legacy, double fresh) {
        Look look = new Look(NOW, Optional.of(legacy), Optional.of(fresh), "");
        return new JudgedQuery("lag", GATE, List.of(look, look));
    }

    private static List<Look> looks(Instant newest, double... values) {
        return Queried.answers(GATE, newest, values).looks();
    }

    private Verdict judged(Limit limit, double... values) {
        return judged(
                limit,
                Arrays.stream(values).count() == 0
                        ? new JudgedQuery("other", GATE, List.of())
                        : Queried.answers(GATE, NOW, values));
    }

    private Verdict judged(Limit limit, JudgedQuery query) {
        JudgedArm good =
                new JudgedArm(100_000, 100_000, 0, 0, 1_000_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 20);
        return judged(new JudgedGate(GATE, REVISION, good, good), limit, query);
    }

    private Verdict judged(JudgedGate gate, Limit limit, JudgedQuery query) {
        return judge.judge(
                new JudgedStep(
                        2,
                        5,
                        new PartsPerMillion(500_000),
                        Queried.policy(Queried.criterion(limit)),
                        NOW,
                        List.of(gate),
                        List.of(),
                        0,
                        List.of(),
                        Optional.empty(),
                        List.of(query),
                        List.of()));
    }
}
