package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Row E6: {@code kill -9} of the runner while its fault is on. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledRunnerIT {
    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder);
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    /** Starts a run of an hour, and waits until its fault is on. */
    private Command run(String name, String ttl) throws IOException {
        Path file = laboratory.folder().resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                title: an hour of delay
                description: of a runner that does not live as long
                method: []
                sluice:
                  hold: 1h
                  faults:
                    - {name: %s, sidecars: "%s", token: %s, gate: %s, arm: NEW, ttl: %s, fault: {delay: 1ms}}
                """
                        .formatted(
                                name, laboratory.admin(), Laboratory.TOKEN, Laboratory.GATE, ttl));
        Command run =
                Command.start(
                        laboratory.folder(),
                        "run",
                        file.toString(),
                        "--journal-path",
                        laboratory.folder() + "/journal.json");
        Laboratory.await(() -> lease(name).contains("\"state\": \"ACTIVE\""));
        assertThat(lease(name)).as("the lease; the runner said: %s", run.said()).contains("ACTIVE");
        return run;
    }

    /** Its lease as the sidecar shows it; empty before it is taken. */
    private String lease(String name) {
        String page = laboratory.page("/faults");
        int from = page.indexOf("\"faults/" + name + "-");
        int next = page.indexOf("\"name\": ", Math.max(0, from));
        return from < 0 ? "" : page.substring(from, next < 0 ? page.length() : next);
    }

    @Test
    void the_fault_ends_by_itself_when_nobody_is_left_to_take_it_back() throws Exception {
        try (Command run = run("orphan", "5s")) {
            List<ProcessHandle> guards = run.handle().descendants().toList();
            assertThat(guards).as("the guard").isNotEmpty();
            guards.forEach(ProcessHandle::destroyForcibly);
            run.handle().destroyForcibly();

            Laboratory.await(() -> lease("orphan").contains("EXPIRED"));

            assertThat(lease("orphan")).contains("\"state\": \"EXPIRED\"");
        }
    }

    @Test
    void the_guard_takes_the_fault_back_when_the_runner_dies_alone() throws Exception {
        try (Command run = run("guarded", "1h")) {
            run.handle().destroyForcibly();

            Laboratory.await(() -> lease("guarded").contains("ENDED"));

            assertThat(lease("guarded")).contains("\"state\": \"ENDED\"");
        }
    }
}
