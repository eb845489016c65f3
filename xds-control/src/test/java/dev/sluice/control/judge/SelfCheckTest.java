package dev.sluice.control.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.judge.SelfCheck.Split;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SelfCheckTest {
    private static final PartsPerMillion QUARTER = new PartsPerMillion(250_000);
    private final RandomGenerator random =
            RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(20_261_129);

    /** Each trial is looked at after every key, and may spend 1 %. */
    @Test
    void trials_on_keys_of_one_arm_alarm_no_more_often_than_they_may() {
        int alarmed = 0;
        int trials = 0;
        for (int stream = 0; stream < 100; stream++) {
            Set<Long> errors = new HashSet<>();
            Set<Integer> alarms = new HashSet<>();
            for (int key = 0; key < 150; key++) {
                errors.add(random.nextLong() >>> 8);
                SelfCheck check = SelfCheck.of(errors, Set.of(), QUARTER);
                for (int split = 0; split < SelfCheck.SPLITS; split++) {
                    if (check.splits().get(split).isAlarm()) {
                        alarms.add(split);
                    }
                }
            }
            alarmed += alarms.size();
            trials += SelfCheck.SPLITS;
        }

        assertThat((double) alarmed / trials)
                .as("%d of %d", alarmed, trials)
                .isLessThanOrEqualTo(0.01);
    }

    @Test
    void errors_that_prefer_one_part_alarm() {
        Set<Long> keys = keys(4_000);
        Set<Long> first =
                keys.stream()
                        .filter(key -> SelfCheck.isFirst(key, 3, QUARTER))
                        .collect(Collectors.toSet());

        SelfCheck errors = SelfCheck.of(first, Set.of(), QUARTER);
        SelfCheck slow = SelfCheck.of(Set.of(), first, QUARTER);

        assertThat(first).hasSizeBetween(900, 1_100);
        assertThat(errors.splits().get(3).isAlarm()).isTrue();
        assertThat(slow.splits().get(3).isAlarm()).isTrue();
        assertThat(errors.splits()).filteredOn(Split::isAlarm).hasSize(1);
    }

    @Test
    void a_trial_counts_once_it_could_alarm() {
        assertThat(SelfCheck.of(Set.of(), Set.of(), QUARTER).splits())
                .hasSize(SelfCheck.SPLITS)
                .noneMatch(Split::isAble)
                .noneMatch(Split::isAlarm);
        assertThat(SelfCheck.of(keys(3), Set.of(), QUARTER).splits()).noneMatch(Split::isAble);
        assertThat(SelfCheck.of(Set.of(), keys(20), QUARTER).splits()).allMatch(Split::isAble);
    }

    @Test
    void the_limit_is_that_of_a_ramp_of_one_step() {
        assertThat(SelfCheck.LIMIT).isEqualTo(200);
    }

    private Set<Long> keys(int count) {
        return LongStream.range(0, count)
                .mapToObj(_ -> random.nextLong() >>> 8)
                .collect(Collectors.toSet());
    }
}
