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
                .as("violations by seed; the seeds stand in %s now", FailedSeeds.OWN.target())
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
        String once = Simulation.run(3, folder.resolve("once"), Wiring.REAL).hash();
        String again = Simulation.run(3, folder.resolve("again"), Wiring.REAL).hash();
        String other = Simulation.run(4, folder.resolve("other"), Wiring.REAL).hash();

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
    }
}
