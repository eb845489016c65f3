package dev.sluice.e2e.simulation.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastTest {
    private static final List<Integer> ALL = IntStream.rangeClosed(1, 100).boxed().toList();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50, 51, 99, 100})
    void finds_the_one_that_is_to_blame(int culprit) {
        int[] asked = new int[1];

        List<Integer> least =
                Least.of(
                        ALL,
                        some -> {
                            asked[0]++;
                            return some.contains(culprit);
                        },
                        1_000);

        assertThat(least).containsExactly(culprit);
        assertThat(asked[0]).as("tries").isLessThan(20);
    }

    @Test
    void finds_those_that_fail_only_together_and_keeps_their_order() {
        assertThat(Least.of(ALL, some -> some.containsAll(Set.of(97, 3, 50)), 1_000))
                .containsExactly(3, 50, 97);
    }

    @Test
    void nothing_is_left_where_it_fails_anyway() {
        int[] asked = new int[1];

        assertThat(Least.of(ALL, _ -> ++asked[0] > 0, 1_000)).isEmpty();
        assertThat(asked[0]).as("tries").isOne();
    }

    @Test
    void takes_out_what_can_go_only_after_another_has_gone() {
        assertThat(
                        Least.of(
                                List.of(1, 2, 3, 4),
                                some ->
                                        some.containsAll(Set.of(2, 4))
                                                && (some.contains(1) || !some.contains(3)),
                                1_000))
                .containsExactly(2, 4);
    }

    @Test
    void what_it_has_when_tries_end_still_fails() {
        List<Integer> least = Least.of(ALL, some -> some.contains(7) && some.contains(70), 5);

        assertThat(least).contains(7, 70).hasSizeLessThan(100);
    }
}
