package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ZipfTest {
    @Test
    void every_user_can_come_and_some_come_much_more_often() {
        SplittableRandom random = new SplittableRandom(11);
        Zipf zipf = new Zipf(100, 1, random);
        int[] seen = new int[101];
        IntStream.range(0, 100_000).forEach(_ -> seen[zipf.next(random)]++);

        assertThat(seen[0]).as("users count from 1").isZero();
        assertThat(Arrays.stream(seen).skip(1).min().orElseThrow()).isPositive();
        int most = Arrays.stream(seen).max().orElseThrow();
        assertThat(most / 100_000.0)
                .as("share of the first of 100 at skew 1: 1/H(100)")
                .isBetween(0.18, 0.21);
    }

    @Test
    void without_skew_all_come_alike() {
        SplittableRandom random = new SplittableRandom(12);
        Zipf zipf = new Zipf(10, 0, random);
        int[] seen = new int[11];
        IntStream.range(0, 100_000).forEach(_ -> seen[zipf.next(random)]++);

        assertThat(Arrays.stream(seen).skip(1))
                .allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }
}
