package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate.TripPolicy;
import dev.sluice.proxy.gate.TripDetector.Verdict;
import dev.sluice.testkit.Seeds;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TripDetectorTest {
    private static final int RUNS = 200;

    /** Requests of keys that are on NEW with the share, each failing with its arm's probability. */
    private record Traffic(double share, int keys, double newErrors, double legacyErrors) {
        Set<Verdict> run(int requests, RandomGenerator random) {
            TripDetector detector = new TripDetector(TripPolicy.DEFAULT);
            Set<Verdict> seen = EnumSet.noneOf(Verdict.class);
            for (int i = 0; i < requests && !seen.contains(Verdict.WORSE); i++) {
                long key = random.nextInt(keys);
                Arm arm = key < share * keys ? Arm.NEW : Arm.LEGACY;
                boolean fails = random.nextDouble() < (arm == Arm.NEW ? newErrors : legacyErrors);
                seen.add(detector.seen(arm, key, fails));
            }
            return seen;
        }

        long runsWith(Verdict verdict, int requests) {
            RandomGenerator random = Seeds.printed(toString()).generator();
            long found = 0;
            for (int run = 0; run < RUNS; run++) {
                found += run(requests, random).contains(verdict) ? 1 : 0;
            }
            return found;
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01, 20000", "0.5, 100000", "0.5, 40", "0.99, 2000"})
    void arms_that_are_equally_healthy_hardly_ever_trip(double share, int keys) {
        long trips = new Traffic(share, keys, 0.01, 0.01).runsWith(Verdict.WORSE, 5_000);

        // Both tests must be wrong at once: 3 of 200 runs is fifteen times what alpha allows a
        // window.
        assertThat(trips).as("runs of %s that trip", RUNS).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.1", "0.5", "0.9"})
    void a_new_arm_that_fails_trips_while_legacy_is_healthy(double share) {
        long trips = new Traffic(share, 20_000, 0.4, 0.005).runsWith(Verdict.WORSE, 5_000);

        assertThat(trips).as("runs of %s that trip", RUNS).isGreaterThanOrEqualTo(RUNS - 3);
    }

    @Test
    void arms_that_both_fail_alarm_and_hardly_ever_trip() {
        Traffic traffic = new Traffic(0.5, 20_000, 0.4, 0.4);

        assertThat(traffic.runsWith(Verdict.FAILING, 3_000)).as("alarms").isEqualTo(RUNS);
        // The bound on the e-value is 1 %: 2 of 200 expected at most, 12 is far outside.
        assertThat(traffic.runsWith(Verdict.WORSE, 3_000)).as("trips").isLessThanOrEqualTo(12);
    }

    @Test
    void a_failing_new_arm_without_any_legacy_alarms_only() {
        TripDetector detector = new TripDetector(TripPolicy.DEFAULT);
        Set<Verdict> seen = EnumSet.noneOf(Verdict.class);

        for (long key = 0; key < 400; key++) {
            seen.add(detector.seen(Arm.NEW, key, /* error= */ true));
        }

        assertThat(seen).containsExactlyInAnyOrder(Verdict.OPEN, Verdict.FAILING);
    }

    @Test
    void one_key_that_fails_often_is_one_error() {
        TripDetector detector = new TripDetector(TripPolicy.DEFAULT);
        detector.seen(Arm.LEGACY, 1, /* error= */ false);

        for (int i = 0; i < 100; i++) {
            detector.seen(Arm.NEW, 2, /* error= */ true);
        }

        assertThat(detector.onNew()).as("keys on NEW").isEqualTo(new Trip.Keys(1, 1));
    }

    @Test
    void a_long_healthy_past_does_not_hide_a_fresh_failure() {
        TripDetector detector = new TripDetector(TripPolicy.DEFAULT);
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
}
