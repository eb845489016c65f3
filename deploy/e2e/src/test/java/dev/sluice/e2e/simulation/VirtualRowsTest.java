package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.simulation.OneGate.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rows of one gate in {@code chaos/experiments/virtual}: many runs under load, each with a seed
 * of its own. A nightly run takes the full size: {@code -Dsluice.catalogue=full}. What was measured
 * is printed.
 */
class VirtualRowsTest {
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));

    @TestFactory
    Stream<DynamicTest> rows_hold() {
        List<Row> rows = Row.all();
        assertThat(rows).as("rows").isNotEmpty();
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private static void check(Row row) {
        int runs = FULL ? row.runsInFull() : row.runs();
        List<Seen> seen =
                LongStream.rangeClosed(1, runs)
                        .parallel()
                        .mapToObj(seed -> run(seed, row))
                        .toList();
        List<Seen> tripped = seen.stream().filter(one -> !one.trips().isEmpty()).toList();
        double percent = 100.0 * tripped.size() / runs;
        Duration within = quantile(tripped.stream().map(Seen::untilShareIsNone));
        int calls =
                (int)
                        quantile(
                                        tripped.stream()
                                                .map(one -> Duration.ofNanos(one.callsUntilTrip())))
                                .toNanos();
        System.out.printf(
                Locale.ROOT,
                "%s: %d runs, %.2f %% taken back; 99 %% of them: share none %d ms after the first"
                        + " affected request, %d calls on NEW%n",
                row.name(),
                runs,
                percent,
                within.toMillis(),
                calls);

        Row.Expected expected = row.expected();
        assertThat(percent)
                .as("percent of runs in which the gate is taken back")
                .isBetween(
                        (double) expected.trips().getFirst(), (double) expected.trips().getLast());
        assertThat(seen)
                .as("changes of a run")
                .allMatch(one -> one.trips().size() <= expected.changes());
        assertThat(seen)
                .as("users who got an error")
                .allMatch(one -> one.refusedUsers() == 0)
                .as("requests of a run")
                .allMatch(one -> one.asked() >= 1_000)
                .as("fault that reached its arm")
                .allMatch(one -> one.firstAffected().isPresent());
        if (expected.within().isPositive()) {
            assertThat(within)
                    .as("from the first affected request to the last on NEW")
                    .isLessThanOrEqualTo(expected.within());
        }
        if (expected.calls() > 0) {
            assertThat(calls).as("calls until the trip").isLessThanOrEqualTo(expected.calls());
        }
    }

    private static Seen run(long seed, Row row) {
        return OneGate.run(seed, row.load(), row.newArm().asArm(), row.length());
    }

    /** That of 99 %; zero of nothing. */
    private static Duration quantile(Stream<Duration> values) {
        List<Duration> sorted = values.sorted().toList();
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1);
    }

    @Test
    void a_row_whose_fault_is_never_there_would_not_pass() {
        Row.NewVersion well = new Row.NewVersion(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        OneGate.Load load = new OneGate.Load(250_000, 200, 2_000, Duration.ofMillis(500));

        Seen seen = OneGate.run(1, load, well.asArm(), Duration.ofSeconds(10));

        assertThat(seen.firstAffected()).isEmpty();
        assertThat(seen.trips()).isEmpty();
        assertThat(seen.asked()).isEqualTo(2_000);
    }
}
