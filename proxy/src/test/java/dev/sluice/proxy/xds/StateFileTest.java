package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.evidence.v1.Trip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final LastGood STATE =
            new LastGood(
                    Instant.parse("2026-01-01T00:00:00.000000005Z"),
                    Map.of(
                            ResourceKind.CLUSTER,
                            List.of(
                                    Resources.cluster("a")
                                            .living(Optional.of(Duration.ofMillis(1500)))),
                            ResourceKind.ENDPOINTS,
                            List.of(),
                            ResourceKind.LISTENER,
                            List.of(Resources.listener("l", "r")),
                            ResourceKind.ROUTES,
                            List.of(Resources.routes("r", "a")),
                            ResourceKind.RUNTIME,
                            List.of()),
                    List.of(),
                    new LastGood.Latches(
                            List.of(Trip.newBuilder().setId("n/b/1").build()),
                            List.of(LocalKill.newBuilder().setId("n/b/2").build())));

    @TempDir Path folder;

    @Test
    void what_was_written_is_read_again() throws Exception {
        StateFile file = new StateFile(folder, "node");

        file.write(STATE);

        assertThat(new StateFile(folder, "node").read()).contains(STATE);
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing is left beside it").containsExactly(file.path());
        }
    }

    @Test
    void each_node_has_a_file_of_its_own() throws Exception {
        new StateFile(folder, "node").write(STATE);

        assertThat(new StateFile(folder, "other").read()).isEmpty();
    }

    @Test
    void every_changed_byte_and_every_cut_is_found() throws Exception {
        StateFile file = new StateFile(folder, "node");
        file.write(STATE);
        byte[] good = Files.readAllBytes(file.path());

        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            Files.write(file.path(), changed);
            assertThatThrownBy(file::read).as("byte " + at).isInstanceOf(IOException.class);
            Files.write(file.path(), java.util.Arrays.copyOf(good, at));
            assertThatThrownBy(file::read).as("cut at " + at).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_write_that_was_cut_off_leaves_the_old_state() throws Exception {
        StateFile file = new StateFile(folder, "node");
        file.write(STATE);
        Files.write(folder.resolve(file.path().getFileName() + ".new"), new byte[10]);

        assertThat(file.read()).contains(STATE);
        file.write(LastGood.NONE);
        assertThat(file.read()).map(LastGood::isEmpty).contains(true);
    }
}
