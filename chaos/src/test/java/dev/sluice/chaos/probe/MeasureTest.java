package dev.sluice.chaos.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureTest {
    private static final Metrics FIRST =
            Metrics.parse(
                    """
                    # HELP r requests
                    # TYPE r counter
                    r_total{arm="NEW",class="2xx"} 100
                    r_total{arm="NEW",class="5xx"} 10 1700000000000
                    r_total{arm="LEGACY",class="2xx"} 1000
                    other_total 7
                    l_bucket{arm="NEW",le="0.1"} 10
                    l_bucket{arm="NEW",le="0.2"} 10
                    l_bucket{arm="NEW",le="+Inf"} 10
                    no sample at all {
                    """);
    private static final Metrics SECOND =
            Metrics.parse(
                    """
                    r_total{arm="NEW",class="2xx"} 150
                    r_total{arm="NEW",class="5xx"} 20
                    r_total{arm="LEGACY",class="2xx"} 40
                    r_total{arm="LEGACY",class="5xx"} 3
                    l_bucket{arm="NEW",le="0.1"} 60
                    l_bucket{arm="NEW",le="0.2"} 100
                    l_bucket{arm="NEW",le="+Inf"} 110
                    """);

    private static double of(Measure.Kind kind, String metric, Map<String, String> labels) {
        return new Measure(kind, metric, labels, 50).of(FIRST, SECOND, 5).orElse(Double.NaN);
    }

    @Test
    void a_value_is_the_sum_of_all_that_match() {
        assertThat(of(Measure.Kind.VALUE, "r_total", Map.of("arm", "NEW"))).isEqualTo(170);
        assertThat(of(Measure.Kind.VALUE, "r_total", Map.of("arm", "NEW", "class", "*")))
                .isEqualTo(170);
        assertThat(of(Measure.Kind.VALUE, "r_total", Map.of())).isEqualTo(213);
        assertThat(of(Measure.Kind.VALUE, "r_total", Map.of("arm", "none"))).isNaN();
    }

    @Test
    void an_increase_counts_from_the_first_page() {
        Map<String, String> failed = Map.of("arm", "NEW", "class", "5xx");
        assertThat(of(Measure.Kind.INCREASE, "r_total", failed)).isEqualTo(10);
        assertThat(of(Measure.Kind.RATE, "r_total", failed)).isEqualTo(2);
        Map<String, String> young = Map.of("arm", "LEGACY", "class", "5xx");
        assertThat(of(Measure.Kind.INCREASE, "r_total", young)).isEqualTo(3);
    }

    @Test
    void a_counter_that_went_back_has_begun_anew() {
        Map<String, String> restarted = Map.of("arm", "LEGACY", "class", "2xx");
        assertThat(of(Measure.Kind.INCREASE, "r_total", restarted)).isEqualTo(40);
    }

    private static double quantile(double percent) {
        return new Measure(Measure.Kind.QUANTILE, "l", Map.of("arm", "NEW"), percent)
                .of(FIRST, SECOND, 5)
                .orElse(Double.NaN);
    }

    @Test
    void a_quantile_is_of_what_was_counted_in_between() {
        // In between: 50 up to 0.1, 40 up to 0.2, 10 above.
        assertThat(quantile(25)).isCloseTo(0.05, within(1e-9));
        assertThat(quantile(50)).isCloseTo(0.1, within(1e-9));
        assertThat(quantile(70)).isCloseTo(0.15, within(1e-9));
        assertThat(quantile(99)).as("above the last bound").isCloseTo(0.2, within(1e-9));
    }

    @Test
    void a_histogram_that_counted_nothing_has_no_quantile() {
        assertThat(new Measure(Measure.Kind.QUANTILE, "l", Map.of(), 99).of(SECOND, SECOND, 5))
                .isEmpty();
        assertThat(new Measure(Measure.Kind.QUANTILE, "none", Map.of(), 99).of(FIRST, SECOND, 5))
                .isEmpty();
    }

    @Test
    void labels_may_hold_quotes_commas_and_braces() {
        Metrics page = Metrics.parse("m{a=\"x\\\"y,z}\\\\n\", b = \"2\"} 1.5e3\n");
        assertThat(page.samples())
                .containsExactly(
                        new Metrics.Sample("m", Map.of("a", "x\"y,z}\\n", "b", "2"), 1500));
    }
}
