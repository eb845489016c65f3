package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeds are the same in every build. Profile {@code nightly} takes 10,000, and others: {@code
 * -Dsluice.simulation.first=…}.
 */
class SimulationTest {
    private static final long FIRST = Long.getLong("sluice.simulation.first", 1);
    private static final long COUNT = Long.getLong("sluice.simulation.seeds", 300);

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

    @Test
    void whatever_goes_wrong_every_invariant_holds_and_everything_went_wrong_sometimes() {
        Seeds seeds = new Seeds(folder, () -> Wiring.REAL);

        SortedMap<Long, List<String>> failed =
                seeds.violations(LongStream.range(FIRST, FIRST + COUNT));

        FailedSeeds.OWN.keep(failed.keySet(), FailedSeeds.OWN.target());
        assertThat(failed)
                .as(
                        "violations by seed; the seeds stand in %s now; enough to fail: %s",
                        FailedSeeds.OWN.target(), seeds.leastCases(failed.keySet()))
                .isEmpty();
        assertThat(seeds.sometimes().never())
                .as("what no run met; met was %s", seeds.sometimes())
                .isEmpty();
    }

    @Test
    void seeds_that_once_failed_hold_now() {
        assertThat(
                        new Seeds(folder, () -> Wiring.REAL)
                                .violations(
                                        FailedSeeds.OWN.all().stream().mapToLong(Long::longValue)))
                .as("violations by seed")
                .isEmpty();
    }

    @Test
    void the_same_seed_gives_the_same_history() {
        String once = run(Scenario.of(3), "once").history().hash();
        String again = run(Scenario.of(3), "again").history().hash();
        String other = run(Scenario.of(4), "other").history().hash();

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
    }

    private Simulation.Result run(Scenario scenario, String name) {
        return Simulation.run(scenario, folder.resolve(name), Wiring.REAL);
    }
}
