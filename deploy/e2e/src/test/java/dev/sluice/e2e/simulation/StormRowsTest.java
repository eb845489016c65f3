package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The storms of {@code chaos/experiments/virtual}: every invariant holds in each, and one that does
 * not says what it takes. A nightly run takes the full size: {@code -Dsluice.catalogue=full}.
 */
class StormRowsTest {
    private static final boolean FULL = "full".equals(System.getProperty("sluice.catalogue"));

    @TempDir private Path folder;
    private Silence silence;

    @BeforeEach
    void silence() {
        silence = new Silence();
    }

    @AfterEach
    void speakAgain() {
        silence.close();
    }

    @TestFactory
    Stream<DynamicTest> storms_break_nothing() {
        List<StormRow> rows = StormRow.all();
        assertThat(rows).as("storms").isNotEmpty();
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
    }

    private void check(StormRow row) {
        Duration length = FULL ? row.lengthInFull() : row.length();
        Seeds seeds =
                new Seeds(folder, seed -> Scenario.of(seed).during(length), () -> Wiring.REAL);
        int runs = FULL ? row.runsInFull() : row.runs();

        SortedMap<Long, List<String>> failed = seeds.violations(LongStream.rangeClosed(1, runs));

        System.out.printf(
                Locale.ROOT,
                "%s: %d runs, at least %d troubles and %d requests each%n",
                row.name(),
                runs,
                seeds.fewestTroubles(),
                seeds.fewestRequests());
        assertThat(failed.keySet())
                .as("seeds that fail; enough to fail: %s", seeds.leastCases(failed.keySet()))
                .isEmpty();
        assertThat(seeds.fewestTroubles()).as("troubles").isGreaterThanOrEqualTo(row.troubles());
        assertThat(seeds.fewestRequests()).as("requests").isGreaterThanOrEqualTo(row.requests());
    }
}
