package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

class PeersTest {
    private static final int REGULAR = 0100000;
    private static final int READABLE_BY_ALL = 0644;

    @TempDir private Path folder;

    @Test
    void a_container_is_taken_where_an_engine_runs_whatever_is_installed() throws IOException {
        install("envoy");

        assertThat(peers(Peers.From.ANYWHERE, image -> true).named("envoy"))
                .isEqualTo(new Peer.Container("envoyproxy/envoy:v1.40.0"));
    }

    @Test
    void the_installed_program_is_taken_where_no_engine_has_its_image() throws IOException {
        Path envoy = install("envoy");

        assertThat(peers(Peers.From.ANYWHERE, image -> false).named("envoy"))
                .isEqualTo(new Peer.Binary(envoy));
    }

    @Test
    void a_program_without_an_image_must_be_installed() throws IOException {
        Path wrk = install("wrk");

        assertThat(peers(Peers.From.ANYWHERE, PeersTest::asked).named("wrk"))
                .isEqualTo(new Peer.Binary(wrk));
        assertThat(peers(Peers.From.CONTAINERS, PeersTest::asked).named("wrk"))
                .as("wrk has no image, so its program is all there is")
                .isEqualTo(new Peer.Binary(wrk));
        assertThatThrownBy(() -> peers(Peers.From.ANYWHERE, PeersTest::asked).named("h2load"))
                .hasMessageContaining("and no image of it is known; run deploy/interop");
    }

    @Test
    void from_the_folder_no_engine_is_asked_for() throws IOException {
        Path envoy = install("envoy");

        assertThat(peers(Peers.From.FOLDER, PeersTest::asked).named("envoy"))
                .isEqualTo(new Peer.Binary(envoy));
        assertThatThrownBy(() -> peers(Peers.From.FOLDER, PeersTest::asked).named("curl"))
                .hasMessageContaining("peer 'curl': no executable " + folder.resolve("curl") + ";");
    }

    @Test
    void from_containers_an_installed_program_does_not_stand_in() throws IOException {
        install("envoy");

        assertThatThrownBy(() -> peers(Peers.From.CONTAINERS, image -> false).named("envoy"))
                .hasMessageContaining("no engine that has envoyproxy/envoy:v1.40.0")
                .hasMessageContaining("start a Docker engine, or leave out -Dsluice.peers.from");
    }

    @Test
    void a_file_that_cannot_be_executed_is_no_program() throws IOException {
        Files.createFile(folder.resolve("envoy"));

        assertThatThrownBy(() -> peers(Peers.From.ANYWHERE, image -> false).named("envoy"))
                .hasMessageContaining("peer 'envoy': no executable " + folder.resolve("envoy"))
                .hasMessageContaining("and no engine that has envoyproxy/envoy:v1.40.0")
                .hasMessageContaining("run deploy/interop/install-peers");
    }

    @Test
    void a_word_that_names_no_source_is_refused() {
        assertThat(Peers.From.named("containers")).isEqualTo(Peers.From.CONTAINERS);
        assertThatThrownBy(() -> Peers.From.named("docker"))
                .hasMessage(
                        "sluice.peers.from: 'docker' (expected: anywhere, containers or folder)");
    }

    /** The images are of the versions that install-peers installs. */
    @Test
    void containers_and_installed_programs_are_of_the_same_versions() throws IOException {
        String script = Files.readString(Path.of("../interop/install-peers"));

        assertThat(Peers.IMAGES.get("envoy")).contains(":v" + pinned(script, "ENVOY_VERSION="));
        assertThat(Peers.IMAGES.get("grpcurl")).endsWith(":" + pinned(script, "cmd/grpcurl@"));
        assertThat(Peers.IMAGES.get("h2spec")).endsWith(":" + pinned(script, "cmd/h2spec@v"));
    }

    @Test
    @SuppressWarnings("deprecation") // no other method tells which files are copied
    void a_container_runs_the_program_on_the_network_of_the_host_with_its_files(
            @TempDir Path shared) throws IOException {
        Path bootstrap = Files.writeString(shared.resolve("envoy.yaml"), "{}");

        try (GenericContainer<?> container =
                new Peer.Container("envoyproxy/envoy:v1.40.0")
                        .container(List.of("-c", bootstrap.toString()), bootstrap)) {
            assertThat(container.getCommandParts()).containsExactly("-c", bootstrap.toString());
            assertThat(container.getNetworkMode()).isEqualTo("host");
            assertThat(container.getExposedPorts()).as("mapped ports").isEmpty();
            assertThat(container.getExtraHosts()).as("ways to the host").isEmpty();
            assertThat(container.getBinds()).as("folders of the host").isEmpty();
            var files = container.getCopyToFileContainerPathMap();
            assertThat(files.values()).containsExactly(bootstrap.toString());
            assertThat(files.keySet())
                    .extracting(MountableFile::getFilesystemPath, MountableFile::getFileMode)
                    .containsExactly(tuple(bootstrap.toString(), REGULAR | READABLE_BY_ALL));
        }
    }

    private Peers peers(Peers.From from, Engine engine) {
        return new Peers(folder, from, engine);
    }

    private static String pinned(String script, String before) {
        int start = script.indexOf(before) + before.length();
        return script.substring(start, script.indexOf('\n', start)).replaceAll("[+].*", "");
    }

    private static boolean asked(String image) {
        throw new AssertionError("an engine was asked for " + image);
    }

    private Path install(String name) throws IOException {
        return Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
