package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The files of {@code chaos/experiments} under load, in their small size: faults are on for some
 * seconds. A nightly run takes the full size, a minute each: {@code -Dsluice.catalogue=full}.
 * {@code -Dsluice.catalogue.rows=e1} runs those alone whose names begin so.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueIT {
    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder);
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    /** Ends trips of the row before, so that each begins with the gate in force. */
    @BeforeEach
    void resume() {
        laboratory.resume();
    }

    @ParameterizedTest
    @CsvSource({
        "a1-new-arm-slow, 5, ALL",
        "a2-new-arm-a-bit-slow, 5, ALL",
        "a3-new-arm-few-errors, 10, ALL",
        "a3-new-arm-errors, 10, ALL",
        "a3-new-arm-down, 5, ALL",
        "a4-one-endpoint-down, 5, ALL",
        "a5-answers-are-lost, 5, ALL",
        "a6-wrong-length, 5, NO_ERRORS",
        "a9-both-arms-down, 5, NO_ERRORS",
        "a10-legacy-arm-down, 5, NO_ERRORS",
        "c1-control-plane-gone, 5, ALL",
        "c2-control-plane-silent, 5, ALL",
        "c4-bad-resources, 8, ALL",
        "c5-duplicate-responses, 8, ALL",
        "c5-slow-acks, 8, ALL",
        "c6-slow-arm-without-control-plane, 5, ALL",
        "e1-loops-stand-still, 8, ALL",
        "e1-process-stopped, 5, ALL",
        "e2-clock-jumps, 3, ALL",
        "e3-rolling-restart, 12, ALL",
        "overload-heap, 4, NO_ERRORS",
    })
    void passes(String file, int small, Checks checks) throws Exception {
        check(file, small, checks);
    }

    /** The other one is as old as the gate was before its last step. */
    @Test
    void passes_with_two_control_planes() throws Exception {
        try (ControlProcess other = laboratory.twin()) {
            laboratory.setShare(30);

            check("c3-two-control-planes", 3, Checks.ALL, "other=127.0.0.1:" + other.xdsPort());
        } finally {
            laboratory.setShare(25);
        }
    }

    /** A hundred more sidecars break off and come back in the same moment. */
    @Test
    void passes_with_a_crowd_of_sidecars() throws Exception {
        int size = 100;
        try (Crowd crowd = new Crowd(size, laboratory.betweenPort(), Laboratory.GATE)) {
            Laboratory.await(() -> crowd.heard(1) == size);
            assertThat(crowd.heard(1)).as("sidecars that heard of the gate").isEqualTo(size);

            check("c7-all-come-back", 3, Checks.ALL);

            Laboratory.await(() -> crowd.heard(2) == size);
            List<Long> waits = crowd.lastWaits();
            System.out.printf(
                    "%d sidecars at once: the gate came within %d ms to half, %d ms to 99 %%%n",
                    size, waits.get(size / 2), waits.get(size - 2));
            assertThat(crowd.heard(2)).as("sidecars that heard of it again").isEqualTo(size);
            assertThat(waits.get(size - 2)).as("ms until 99 of 100 heard").isLessThan(2_000);
        }
    }

    private void check(String file, int small, Checks checks, String... more) throws Exception {
        int seconds = Runs.seconds(file, small);
        try (Command load = Command.start(laboratory.folder(), load(seconds + 4, checks));
                Command experiment =
                        Command.start(
                                laboratory.folder(), Runs.of(laboratory, file, seconds, more))) {
            int verdict = experiment.exitCode();
            int checked = load.exitCode();

            assertThat(verdict).as("%s%n%s", experiment.said(), load.said()).isZero();
            assertThat(checked).as("%s%n%s", experiment.said(), load.said()).isZero();
        }
    }

    /** What the ledger of the load must show. */
    enum Checks {
        /** All but the share, which fallbacks make look smaller than it is. */
        ALL,
        /** The same, but users may get errors. */
        NO_ERRORS
    }

    private String[] load(int seconds, Checks checks) {
        List<String> load = new ArrayList<>(List.of("load", laboratory.edge() + "{key}"));
        load.addAll(List.of("--header", "x-user={key}", "--header", "x-sluice-explain=1"));
        load.addAll(List.of("--rate", "200", "--keys", "2000", "--skip", "SHARE"));
        load.addAll(List.of("--duration", seconds + "s"));
        if (checks == Checks.NO_ERRORS) {
            load.addAll(List.of("--skip", "ERRORS"));
        }
        return load.toArray(String[]::new);
    }
}
