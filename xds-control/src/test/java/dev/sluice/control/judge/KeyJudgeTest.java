package dev.sluice.control.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.testkit.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KeyJudgeTest {
    private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");
    private static final int KEYS = 10_000;

    private final Judge judge = new KeyJudge();

    @Test
    void no_data_is_never_success() {
        for (int share : new int[] {0, 10_000, 500_000, 1_000_000}) {
            JudgePolicy lenient = new JudgePolicy(200_000, 100_000, 0, false, List.of(), List.of());
            assertThat(judge.judge(step(share, lenient, 0, gate(0, 0, 0, 0))).outcome())
                    .isEqualTo(Outcome.UNDECIDED);
        }
    }

    @Test
    void enough_good_keys_are_non_inferior_and_too_few_are_undecided() {
        assertThat(outcome(50_000, gate(475, 0, 9_525, 0))).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(outcome(10_000, gate(100, 0, 9_900, 0))).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(outcome(10_000, gate(99, 0, 9_901, 0)))
                .as("below the fewest keys")
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(outcome(250_000, gate(500, 0, 1_500, 0)))
                .as("margin 0.4 points needs more than 500 keys")
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(outcome(990_000, gate(9_900, 0, 100, 0))).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void a_worse_arm_is_degraded_and_says_by_what() {
        Verdict verdict =
                judge.judge(step(10_000, JudgePolicy.DEFAULT, 0, gate(100, 20, 9_900, 10)));

        assertThat(verdict.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(verdict.errorEValue()).isGreaterThan(1_400);
        assertThat(verdict.explanation()).contains("20 new, 10 legacy").contains("an error");
        assertThat(verdict.judgeVersion()).isEqualTo(KeyJudge.VERSION);
        assertThat(judge.judge(step(10_000, JudgePolicy.DEFAULT, 0, gate(100, 20, 9_900, 10))))
                .as("a verdict replays")
                .isEqualTo(verdict);
    }

    @Test
    void both_arms_bad_alike_is_not_degraded() {
        assertThat(outcome(500_000, gate(5_000, 1_000, 5_000, 1_010))).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void slow_keys_take_back_too() {
        JudgedGate slow =
                new JudgedGate(
                        new GateName("g"),
                        new GateRevision(1, 1),
                        arm(9_900, 0, 100, 0, 0),
                        arm(100, 0, 30, 0, 0));
        Verdict verdict = judge.judge(step(10_000, JudgePolicy.DEFAULT, 0, slow));

        assertThat(verdict.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(verdict.explanation()).contains("a slow answer");
    }

    @Test
    void silence_faults_overflow_and_a_wrong_ratio_make_a_promotion_invalid_but_stop_no_rollback() {
        JudgedGate good = gate(475, 0, 9_525, 0);
        assertThat(judge.judge(step(50_000, JudgePolicy.DEFAULT, 2, good)).outcome())
                .isEqualTo(Outcome.INVALID);
        assertThat(outcome(50_000, gate(900, 0, 9_100, 0))).as("ratio").isEqualTo(Outcome.INVALID);
        for (JudgedArm flawed : List.of(arm(475, 0, 0, 1, 0), arm(475, 0, 0, 0, 1))) {
            assertThat(
                            outcome(
                                    50_000,
                                    new JudgedGate(
                                            good.gate(), good.revision(), good.legacy(), flawed)))
                    .isEqualTo(Outcome.INVALID);
        }
        assertThat(
                        judge.judge(step(50_000, JudgePolicy.DEFAULT, 2, gate(475, 50, 9_525, 5)))
                                .outcome())
                .isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void in_a_set_the_worst_gate_counts_carried_ones_are_left_out_and_idle_ones_hold() {
        JudgedGate good = gate(475, 0, 9_525, 0);
        JudgedArm carried = new JudgedArm(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 0, 0, 0);
        JudgedGate onlyCarried = new JudgedGate(good.gate(), good.revision(), carried, carried);
        JudgedGate idle =
                new JudgedGate(good.gate(), good.revision(), JudgedArm.NONE, JudgedArm.NONE);

        assertThat(outcome(50_000, good, onlyCarried)).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(outcome(50_000, good, idle)).isEqualTo(Outcome.UNDECIDED);
        assertThat(outcome(50_000, onlyCarried)).isEqualTo(Outcome.UNDECIDED);
        assertThat(outcome(50_000, good, gate(475, 50, 9_525, 5))).isEqualTo(Outcome.DEGRADED);
    }

    @Test
    void a_member_that_only_obeys_carried_decisions_is_judged_by_their_buckets() {
        JudgedGate good = gate(475, 0, 9_525, 0);
        JudgedArm elsewhere = new JudgedArm(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 0, 0, 0);
        JudgedGate member =
                new JudgedGate(
                        new GateName("member"), new GateRevision(1, 1), elsewhere, elsewhere);

        Verdict worse = carried(List.of(good, member), named(gate(475, 50, 9_525, 5)));
        assertThat(worse.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(worse.explanation()).contains("gates/member, by carried decisions,");
        assertThat(carried(List.of(good, member), named(gate(475, 0, 9_525, 0))).outcome())
                .isEqualTo(Outcome.NON_INFERIOR);
        assertThat(carried(List.of(good, member), named(gate(5, 0, 95, 0))).outcome())
                .as("too few buckets")
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(carried(List.of(member), named(gate(475, 0, 9_525, 0))).outcome())
                .as("nothing decided by share at all")
                .isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void of_a_gate_with_both_the_greater_part_is_shown_not_worse_and_either_takes_back() {
        JudgedGate few = named(gate(5, 0, 95, 0));
        JudgedGate many = named(gate(475, 0, 9_525, 0));
        JudgedGate worse = named(gate(475, 50, 9_525, 5));

        assertThat(carried(List.of(few), many).outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(carried(List.of(many), few).outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(carried(List.of(few), few).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(carried(List.of(worse), many).outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(carried(List.of(many), worse).outcome()).isEqualTo(Outcome.DEGRADED);
    }

    private Verdict carried(List<JudgedGate> decided, JudgedGate carried) {
        JudgedStep step = step(50_000, JudgePolicy.DEFAULT, 0, decided.toArray(JudgedGate[]::new));
        return judge.judge(
                new JudgedStep(
                        step.step(),
                        step.steps(),
                        step.share(),
                        step.policy(),
                        step.time(),
                        step.gates(),
                        List.of(carried),
                        step.silentNodes(),
                        step.stale(),
                        step.baseline(),
                        List.of(),
                        List.of()));
    }

    private static JudgedGate named(JudgedGate gate) {
        return new JudgedGate(new GateName("member"), gate.revision(), gate.legacy(), gate.fresh());
    }

    @Test
    void where_keys_may_be_the_same_the_new_arm_is_given_the_fewest() {
        JudgedArm twice = new JudgedArm(90, 180, 0, 0, 900, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        JudgedGate gate =
                new JudgedGate(
                        new GateName("g"), new GateRevision(1, 1), arm(9_000, 0, 0, 0, 0), twice);

        assertThat(outcome(10_000, gate)).as("90 keys, not 180").isEqualTo(Outcome.UNDECIDED);
    }

    /** Versions alike, looked at after each 500 keys of each step: alpha holds over the ramp. */
    @Test
    void two_arms_alike_raise_false_alarms_no_more_often_than_alpha() {
        RandomGenerator random = Seeds.printed("A/A").generator();
        int runs = 300;
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            alarms += ramp(random, 0.03, 0.03) ? 1 : 0;
        }
        // at alpha 1 % 3 of 300 are allowed; 12 or more would come in under 0.01 % of builds
        assertThat(alarms).isLessThan(12);
    }

    @Test
    void a_real_regression_is_found() {
        RandomGenerator random = Seeds.printed("regression").generator();
        int found = 0;
        for (int run = 0; run < 25; run++) {
            found += ramp(random, 0.01, 0.06) ? 1 : 0;
        }
        assertThat(found).isEqualTo(25);
    }

    @Test
    void the_mathematics_agrees_with_known_values() {
        assertThat(Likelihood.logGamma(0.5)).isCloseTo(Math.log(Math.sqrt(Math.PI)), within(1e-12));
        assertThat(Likelihood.logGamma(11)).isCloseTo(Math.log(3_628_800), within(1e-10));
        assertThat(Likelihood.regularizedBeta(0.3, 1, 1)).isCloseTo(0.3, within(1e-12));
        assertThat(Likelihood.regularizedBeta(0.5, 3, 3)).isCloseTo(0.5, within(1e-12));
        // P(Binomial(5, 0.2) >= 2) = 0.26272
        assertThat(Likelihood.regularizedBeta(0.2, 2, 4)).isCloseTo(0.26272, within(1e-9));
        assertThat(Likelihood.excess(0, 0, 0.25)).isCloseTo(1, within(1e-12));
        // odds of 1 times r are r / (1 + r): the mean of 2 r / (1 + r) over all r
        assertThat(Likelihood.excess(1, 0, 0.5)).isCloseTo(1.7084, within(1e-4));
        assertThat(Likelihood.mismatch(1, 1, 0.5)).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(Likelihood.excess(100_000, 0, 0.01)).isFinite();
        assertThat(Likelihood.upperRate(0, 0, 0.025)).isEqualTo(1);
        assertThat(Likelihood.lowerRate(0, 10, 0.025)).isZero();
        assertThat(Likelihood.upperRate(10, 10, 0.025)).isCloseTo(1, within(1e-9));
        assertThat(Likelihood.upperRate(50, 1_000, 0.025)).isBetween(0.06, 0.09);
        assertThat(Likelihood.lowerRate(50, 1_000, 0.025)).isBetween(0.02, 0.04);
    }

    /**
     * The expectation of an e-process under the null is 1: exact, over all outcomes of 12 events.
     */
    @Test
    void e_values_have_expectation_one_under_the_null() {
        double p = 0.2;
        int events = 12;
        double expectation = 0;
        double probability = Math.pow(1 - p, events); // of no event in the first class
        for (int x = 0; x <= events; x++) {
            expectation += probability * Likelihood.excess(x, events - x, p);
            probability *= (double) (events - x) / (x + 1) * p / (1 - p);
        }
        assertThat(expectation).isCloseTo(1, within(1e-9));
    }

    /** Whether a ramp of five steps is taken back; each key errs once a step or not at all. */
    private boolean ramp(RandomGenerator random, double legacyRate, double newRate) {
        int[] shares = {10_000, 50_000, 250_000, 500_000, 990_000};
        for (int index = 0; index < shares.length; index++) {
            long[] keys = new long[2];
            long[] errors = new long[2];
            for (int key = 0; key < KEYS; key++) {
                int arm = random.nextInt(1_000_000) < shares[index] ? 1 : 0;
                keys[arm]++;
                errors[arm] += random.nextDouble() < (arm == 1 ? newRate : legacyRate) ? 1 : 0;
                if (key % 500 == 499) {
                    JudgedStep evidence =
                            new JudgedStep(
                                    index,
                                    shares.length,
                                    new PartsPerMillion(shares[index]),
                                    JudgePolicy.DEFAULT,
                                    NOW,
                                    List.of(gate(keys[1], errors[1], keys[0], errors[0])),
                                    List.of(),
                                    0,
                                    List.of(),
                                    Optional.empty(),
                                    List.of(),
                                    List.of());
                    if (judge.judge(evidence).outcome() == Outcome.DEGRADED) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Outcome outcome(int share, JudgedGate... gates) {
        return judge.judge(step(share, JudgePolicy.DEFAULT, 0, gates)).outcome();
    }

    private static JudgedStep step(int share, JudgePolicy policy, int silent, JudgedGate... gates) {
        return new JudgedStep(
                0,
                7,
                new PartsPerMillion(share),
                policy,
                NOW,
                List.of(gates),
                List.of(),
                silent,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static JudgedGate gate(
            long newKeys, long newErrors, long legacyKeys, long legacyErrors) {
        return new JudgedGate(
                new GateName("g"),
                new GateRevision(1, 1),
                arm(legacyKeys, legacyErrors, 0, 0, 0),
                arm(newKeys, newErrors, 0, 0, 0));
    }

    private static JudgedArm arm(
            long keys, long errors, long slow, long underFault, long overflow) {
        return new JudgedArm(
                keys,
                keys,
                errors,
                slow,
                keys,
                0,
                errors,
                0,
                0,
                0,
                underFault,
                0,
                0,
                overflow,
                0,
                0);
    }
}
