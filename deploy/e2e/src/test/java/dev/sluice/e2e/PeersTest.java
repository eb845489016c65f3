package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
    @TempDir private Path folder;

    @Test
    void an_installed_program_is_taken_without_asking_for_an_engine() throws IOException {
        Path envoy = install("envoy");

        assertThat(new Peers(folder, PeersTest::asked).named("envoy"))
                .isEqualTo(new Peer.Binary(envoy));
    }

    @Test
    void a_missing_program_is_taken_as_a_container_where_an_engine_runs() {
        assertThat(new Peers(folder, () -> true).named("envoy"))
                .isEqualTo(new Peer.Container("envoyproxy/envoy:v1.40.0"));
    }

    @Test
    void a_file_that_cannot_be_executed_is_no_program() throws IOException {
        Files.createFile(folder.resolve("envoy"));

        assertThat(new Peers(folder, () -> true).named("envoy")).isInstanceOf(Peer.Container.class);
    }

    @Test
    void without_program_and_engine_the_error_names_both_and_the_remedy() {
        assertThatThrownBy(() -> new Peers(folder, () -> false).named("envoy"))
                .hasMessageContaining("peer 'envoy': no executable " + folder.resolve("envoy"))
                .hasMessageContaining("no Docker engine")
                .hasMessageContaining("or an engine to run envoyproxy/envoy:v1.40.0")
                .hasMessageContaining("run deploy/interop/install-peers");
    }

    @Test
    void a_program_without_an_image_must_be_installed() {
        assertThatThrownBy(() -> new Peers(folder, PeersTest::asked).named("wrk"))
                .hasMessageContaining("no image of it is known (expected: an installed program)");
    }

    private static boolean asked() {
        throw new AssertionError("the engine was asked for");
    }

    private Path install(String name) throws IOException {
        return Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
