package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth its time: it notices a product that was broken on purpose. */
class SeededDefectsTest {
    private static final int MOST_SEEDS = 96;
    private static final int BATCH = 4;

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

    private static List<Arguments> defects() {
        return List.of(
                defect("no fallback", Defects.NoFallback::new, "repeating"),
                defect("retry of a write", Defects.RetryOfWrites::new, "repeating"),
                defect("no hysteresis", Defects.NoHysteresis::new, "trip"),
                defect("trip upward", Defects.TripUpward::new, "trip"),
                defect("share flap", Defects.ShareFlap::new, "share"),
                defect("unsalted bucket", Defects.UnsaltedBucket::new, "bucket"),
                defect("NACK applied anyway", Defects.NackApplied::new, "lower revision"),
                defect("stale config obeyed", Defects.StaleObeyed::new, "lower revision"),
                defect("leader without fencing", Defects.NoFence::new, "log"),
                defect("drain that drops", Defects.DrainDrops::new, "answering"),
                defect("hold ignored", Defects.HoldIgnored::new, "two stores"));
    }

    private static Arguments defect(String name, Supplier<Wiring> wiring, String noticedBy) {
        return Arguments.of(name, wiring, noticedBy);
    }

    /** Some seeds more at a time, until it is. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void is_noticed(String name, Supplier<Wiring> wiring, String noticedBy) {
        Seeds seeds = new Seeds(folder, wiring);
        List<String> noticed = new ArrayList<>();
        for (long first = 1; first <= MOST_SEEDS && !tells(noticed, noticedBy); first += BATCH) {
            seeds.violations(LongStream.range(first, first + BATCH))
                    .values()
                    .forEach(noticed::addAll);
        }

        assertThat(noticed)
                .as("violations with the defect '%s'", name)
                .anySatisfy(violation -> assertThat(violation).startsWith(noticedBy));
    }

    private static boolean tells(List<String> violations, String which) {
        return violations.stream().anyMatch(violation -> violation.startsWith(which));
    }
}
