package dev.sluice.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void each_value_is_in_a_bucket_whose_ends_differ_by_a_sixteenth_at_most() {
        long before = -1;
        for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
            long upper = LatencyHistogram.upperMicros(bucket);

            assertThat(LatencyHistogram.bucket(upper)).isEqualTo(bucket);
            assertThat(LatencyHistogram.bucket(before + 1)).isEqualTo(bucket);
            assertThat(upper - (before + 1)).isLessThanOrEqualTo((before + 1) / 16);
            before = upper;
        }
        assertThat(before).isEqualTo((1L << 40) - 1);
        assertThat(LatencyHistogram.bucket(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.BUCKETS - 1);
        assertThat(LatencyHistogram.bucket(-5)).isZero();
    }

    @Test
    void merging_adds_in_any_order() {
        LatencyHistogram fast = LatencyHistogram.of(new int[] {3, 17}, new long[] {5, 1}, 32);
        LatencyHistogram slow = LatencyHistogram.of(new int[] {3, 200}, new long[] {1, 2}, 900);

        LatencyHistogram both = fast.plus(slow);

        assertThat(both).isEqualTo(slow.plus(fast)).hasSameHashCodeAs(slow.plus(fast));
        assertThat(both.count()).isEqualTo(9);
        assertThat(both.meanMicros()).isEqualTo(932 / 9.0);
        assertThat(both.plus(LatencyHistogram.EMPTY)).isEqualTo(both);
    }

    @Test
    void quantiles_are_upper_ends_and_nothing_has_none() {
        LatencyHistogram ten = LatencyHistogram.of(new int[] {1, 2}, new long[] {9, 1}, 11);

        assertThat(ten.quantileMicros(0.5)).isEqualTo(1);
        assertThat(ten.quantileMicros(0.9)).isEqualTo(1);
        assertThat(ten.quantileMicros(0.99)).isEqualTo(2);
        assertThat(LatencyHistogram.EMPTY.quantileMicros(0.99)).isZero();
        assertThat(LatencyHistogram.EMPTY.meanMicros()).isZero();
    }

    @Test
    void malformed_buckets_are_refused() {
        assertThatThrownBy(() -> LatencyHistogram.of(new int[] {1}, new long[0], 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LatencyHistogram.of(new int[] {2, 1}, new long[] {1, 1}, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        LatencyHistogram.of(
                                new int[] {LatencyHistogram.BUCKETS}, new long[] {1}, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LatencyHistogram.of(new int[] {1}, new long[] {-1}, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
