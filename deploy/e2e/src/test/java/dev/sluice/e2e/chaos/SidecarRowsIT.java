package dev.sluice.e2e.chaos;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows E of the catalogue, and overload: what becomes of the sidecar, under load. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SidecarRowsIT {
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
        "e1-loops-stand-still, 8, SEE_NO_ERROR",
        "e1-process-stopped, 5, SEE_NO_ERROR",
        "e2-clock-jumps, 3, SEE_NO_ERROR",
        "e3-rolling-restart, 12, SEE_NO_ERROR",
        "a8-slow-clients, 16, SEE_NO_ERROR",
        "overload-heap, 4, MAY_SEE_ERRORS",
    })
    void passes(String file, int small, UnderLoad.Users users) throws Exception {
        UnderLoad.passes(laboratory, file, small, users);
    }
}
