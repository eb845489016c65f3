package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Rows C of the catalogue: what becomes of the control plane and the way to it, under load. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlPlaneRowsIT {
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
        "c1-control-plane-gone, 5, SEE_NO_ERROR",
        "c2-control-plane-silent, 5, SEE_NO_ERROR",
        "c6-slow-arm-without-control-plane, 5, SEE_NO_ERROR",
    })
    void passes(String file, int small, UnderLoad.Users users) throws Exception {
        UnderLoad.passes(laboratory, file, small, users);
    }

    /** The gate moves in the middle of them, and what comes after them is obeyed again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "c4-bad-resources",
                "c5-duplicate-responses",
                "c5-reordered-responses",
                "c5-slow-acks",
                "c5-stale-responses"
            })
    void passes_while_the_gate_moves(String file) throws Exception {
        try {
            UnderLoad.passes(laboratory, file, 6, UnderLoad.Users.SEE_NO_ERROR);

            laboratory.setShare(31);
            assertThat(laboratory.page("/gates")).contains("310000");
        } finally {
            laboratory.setShare(25);
        }
    }

    /** The other one is as old as the gate was before its last step. */
    @Test
    void passes_with_two_control_planes() throws Exception {
        try (ControlProcess other = laboratory.twin()) {
            laboratory.setShare(30);

            UnderLoad.passes(
                    laboratory,
                    "c3-two-control-planes",
                    3,
                    UnderLoad.Users.SEE_NO_ERROR,
                    "other=127.0.0.1:" + other.xdsPort());
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

            UnderLoad.passes(laboratory, "c7-all-come-back", 3, UnderLoad.Users.SEE_NO_ERROR);

            Laboratory.await(() -> crowd.heard(2) == size);
            List<Long> waits = crowd.lastWaits();
            System.out.printf(
                    "%d sidecars at once: the gate came within %d ms to half, %d ms to 99 %%%n",
                    size, waits.get(size / 2), waits.get(size - 2));
            assertThat(crowd.heard(2)).as("sidecars that heard of it again").isEqualTo(size);
            assertThat(waits.get(size - 2)).as("ms until 99 of 100 heard").isLessThan(2_000);
        }
    }
}
