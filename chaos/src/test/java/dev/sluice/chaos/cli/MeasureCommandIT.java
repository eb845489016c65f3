package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The command against a page whose counters grow by each look. */
class MeasureCommandIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String page(int look) {
        return """
        r_total{arm="NEW",class="5xx"} %d
        r_total{arm="NEW",class="2xx"} %d
        r_total{arm="LEGACY",class="5xx"} 0
        """
                .formatted(10 * look, 30 * look);
    }

    private int measure(String... more) {
        AtomicInteger looks = new AtomicInteger();
        try (H1Upstream sidecar =
                H1Upstream.start(_ -> H1Answer.ok(page(looks.incrementAndGet())))) {
            return run("http://127.0.0.1:" + sidecar.port() + "/stats/prometheus", more);
        }
    }

    private int run(String url, String... more) {
        List<String> args = new ArrayList<>(List.of("measure", url, "--metric", "r_total"));
        args.addAll(List.of("--over", "1ms"));
        args.addAll(List.of(more));
        return CommandTree.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                args.toArray(String[]::new));
    }

    @Test
    void prints_a_growth() {
        assertThat(measure("--kind", "increase", "--label", "arm=NEW")).as("%s", err).isZero();
        assertThat(out.toString().strip()).isEqualTo("40.0");
    }

    @Test
    void prints_a_ratio_to_another_label() {
        int exit = measure("--kind", "rate", "--label", "class=5xx", "--against", "class=*");
        assertThat(exit).as("%s", err).isZero();
        assertThat(out.toString().strip()).isEqualTo("0.25");
    }

    @Test
    void prints_nothing_when_there_is_nothing_to_measure_or_to_divide_by() {
        assertThat(measure("--kind", "value", "--label", "arm=none"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(measure("--kind", "increase", "--label", "arm=NEW", "--against", "arm=LEGACY"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("nothing to measure of r_total");
    }

    @Test
    void refuses_wrong_use_and_a_page_that_is_not_there() {
        assertThat(measure("--kind", "quantile", "--percent", "0"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(measure("--kind", "rate", "--over", "soon"))
                .isEqualTo(ExitCode.INVALID.number());
        try (H1Upstream none = H1Upstream.start(_ -> H1Answer.status(404))) {
            assertThat(run("http://127.0.0.1:" + none.port() + "/", "--kind", "value"))
                    .isEqualTo(ExitCode.INVALID.number());
        }
        assertThat(err.toString()).contains("status 404");
    }
}
