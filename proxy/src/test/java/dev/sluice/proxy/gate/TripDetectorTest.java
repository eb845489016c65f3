package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate.TripPolicy;
import dev.sluice.contract.gate.Gate.Trips;
import dev.sluice.contract.gate.Salt;
import dev.sluice.proxy.gate.TripDetector.Verdict;
import dev.sluice.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TripDetectorTest {
    private static final PartsPerMillion HALF = new PartsPerMillion(500_000);
    private static final PartsPerMillion ALPHA = new PartsPerMillion(10_000);
    private static final TripPolicy POLICY =
            new TripPolicy(
                    Trips.ON, TripPolicy.DEFAULT.healthy(), TripPolicy.DEFAULT.failing(), ALPHA);
    private static final int RUNS = 500;

    /** How often a bound may fail a test by chance. */
    private static final double CHANCE = 1e-6;

    /** Requests of keys that a salted hash puts on NEW, each failing with its arm's probability. */
    private record Traffic(double share, int keys, double newErrors, double legacyErrors) {
        Set<Verdict> run(int requests, RandomGenerator random) {
            PartsPerMillion shareOfNew = new PartsPerMillion((int) Math.round(share * 1e6));
            TripDetector detector = new TripDetector(POLICY, shareOfNew);
            Salt salt = new Salt(Long.toHexString(random.nextLong()));
            Set<Verdict> seen = EnumSet.noneOf(Verdict.class);
            for (int i = 0; i < requests && !seen.contains(Verdict.WORSE); i++) {
                long key = key(random);
                byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(key).array();
                boolean isNew = shareOfNew.contains(Buckets.bucket(salt, bytes));
                boolean fails = random.nextDouble() < (isNew ? newErrors : legacyErrors);
                seen.add(detector.seen(isNew ? Arm.NEW : Arm.LEGACY, key, fails));
            }
            return seen;
        }

        /** Half of the requests are of few keys, as with Zipf's law. */
        private long key(RandomGenerator random) {
            return random.nextInt(random.nextBoolean() ? keys : Math.min(keys, 10));
        }

        int runsWith(Verdict verdict, int requests) {
            RandomGenerator random = Seeds.printed(toString()).generator();
            int found = 0;
            for (int run = 0; run < RUNS; run++) {
                found += run(requests, random).contains(verdict) ? 1 : 0;
            }
            return found;
        }
    }

    /**
     * Most successes of {@link #RUNS} trials of probability {@code p}, but for {@link #CHANCE}: the
     * exact upper tail of the binomial distribution.
     */
    private static int most(double p) {
        double probability = Math.pow(1 - p, RUNS);
        double tail = 1 - probability;
        int successes = 0;
        while (tail > CHANCE) {
            probability *= (RUNS - successes) * p / ((successes + 1) * (1 - p));
            successes++;
            tail -= probability;
        }
        return successes;
    }

    @ParameterizedTest
    @CsvSource({
        "0.01, 20000, 0.4", "0.25, 100, 0.4", "0.5, 20000, 0.4", "0.5, 1000000, 0.4",
        "0.9, 20000, 0.4", "0.99, 20000, 0.4", "0.05, 20000, 0.05", "0.5, 100, 0.05",
        "0.5, 20000, 0.05", "0.5, 20000, 0.005"
    })
    void arms_that_fail_alike_trip_no_more_often_than_alpha(double share, int keys, double errors) {
        int trips = new Traffic(share, keys, errors, errors).runsWith(Verdict.WORSE, 3_000);

        assertThat(trips).as("runs of %s that trip", RUNS).isLessThanOrEqualTo(most(0.01));
    }

    @Test
    void arms_that_both_fail_alarm() {
        int alarms = new Traffic(0.5, 20_000, 0.4, 0.4).runsWith(Verdict.FAILING, 500);

        assertThat(alarms).as("runs of %s that alarm", RUNS).isGreaterThanOrEqualTo(RUNS - 1);
    }

    /** Requests are about three times the 95 % quantile of what a simulation needed. */
    @ParameterizedTest
    @CsvSource({"0.01, 8000", "0.1, 1200", "0.5, 300", "0.9, 1200"})
    void a_new_arm_that_fails_trips_while_legacy_is_healthy(double share, int requests) {
        int trips = new Traffic(share, 1_000_000, 0.4, 0.005).runsWith(Verdict.WORSE, requests);

        int missed = RUNS - trips;
        assertThat(missed).as("runs of %s without a trip", RUNS).isLessThanOrEqualTo(most(0.01));
    }

    @Test
    void a_failing_new_arm_without_any_legacy_alarms_only() {
        TripDetector detector = new TripDetector(POLICY, PartsPerMillion.ALL);
        Set<Verdict> seen = EnumSet.noneOf(Verdict.class);

        for (long key = 0; key < 400; key++) {
            seen.add(detector.seen(Arm.NEW, key, /* error= */ true));
        }

        assertThat(seen).containsExactlyInAnyOrder(Verdict.OPEN, Verdict.FAILING);
    }

    @Test
    void one_key_that_fails_often_is_one_error() {
        TripDetector detector = new TripDetector(POLICY, HALF);
        detector.seen(Arm.LEGACY, 1, /* error= */ false);

        for (int i = 0; i < 100; i++) {
            detector.seen(Arm.NEW, 2, /* error= */ true);
        }

        assertThat(detector.onNew()).as("keys on NEW").isEqualTo(new Trip.Keys(1, 1));
    }

    @Test
    void a_key_counts_by_its_last_request() {
        TripDetector detector = new TripDetector(POLICY, HALF);

        detector.seen(Arm.NEW, 1, /* error= */ true);
        detector.seen(Arm.NEW, 2, /* error= */ true);
        detector.seen(Arm.NEW, 2, /* error= */ false);

        assertThat(detector.onNew()).as("keys on NEW").isEqualTo(new Trip.Keys(2, 1));
    }

    /** Of few keys every one has failed by the end. */
    @ParameterizedTest
    @ValueSource(ints = {20, 500, 100_000})
    void as_many_errors_as_are_healthy_do_not_add_up_to_a_failure(int keys) {
        int trips = new Traffic(0.5, keys, 0.02, 0).runsWith(Verdict.WORSE, 6_000);

        assertThat(trips).as("runs of %s that trip", RUNS).isLessThanOrEqualTo(most(0.01));
    }

    @Test
    void a_long_healthy_past_does_not_hide_a_fresh_failure() {
        TripDetector detector = new TripDetector(POLICY, HALF);
        for (long key = 0; key < 10_000; key++) {
            detector.seen(key % 2 == 0 ? Arm.NEW : Arm.LEGACY, key, /* error= */ false);
        }
        int failures = 0;
        Verdict verdict = Verdict.OPEN;

        for (long key = 20_000; verdict != Verdict.WORSE && key < 21_000; key++) {
            boolean isNew = key % 2 == 0;
            verdict = detector.seen(isNew ? Arm.NEW : Arm.LEGACY, key, isNew);
            failures += isNew ? 1 : 0;
        }

        assertThat(failures).as("failing keys until the trip").isLessThanOrEqualTo(20);
    }

    @Test
    void a_key_that_returns_after_its_window_counts_again_at_a_higher_price() {
        ArmBet bet = new ArmBet(HALF, ALPHA);
        int first = errorsToWin(bet, 0);
        ArmBet later = new ArmBet(HALF, ALPHA);
        for (long key = 0; key < ArmBet.WINDOW; key++) {
            later.error(key % 2 == 0 ? Arm.NEW : Arm.LEGACY, key);
        }

        int second = errorsToWin(later, 0);

        // Threshold 2/alpha on half a stake, then 6/alpha, with 1.6 for each error on NEW.
        assertThat(first).as("errors in the first window").isEqualTo(13);
        assertThat(second).as("errors in the second window").isEqualTo(16);
    }

    private static int errorsToWin(ArmBet bet, long firstKey) {
        int errors = 0;
        while (!bet.isWon()) {
            bet.error(Arm.NEW, firstKey + errors);
            errors++;
        }
        return errors;
    }
}
