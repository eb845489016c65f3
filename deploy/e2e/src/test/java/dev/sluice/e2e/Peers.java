package dev.sluice.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;

/**
 * Where peers are found: those that {@code deploy/interop/install-peers} installed, and images of
 * the same versions for the rest. Immutable.
 *
 * @param folder of installed programs
 * @param engine whether a Docker engine can run containers; asked only when a program is missing
 */
record Peers(Path folder, BooleanSupplier engine) {
    /**
     * This machine's: the folder that system property {@code sluice.peers} names, by default the
     * one that {@code install-peers} takes by default.
     */
    static final Peers HERE =
            new Peers(
                    Path.of(System.getProperty("sluice.peers", "../interop/target/peers/bin")),
                    () -> DockerClientFactory.instance().isDockerAvailable());

    private static final Map<String, String> IMAGES =
            Map.of(
                    "curl", "curlimages/curl:7.88.1",
                    "envoy", "envoyproxy/envoy:v1.40.0",
                    "grpcurl", "fullstorydev/grpcurl:v1.9.3",
                    "h2spec", "summerwind/h2spec:2.2.1");

    /**
     * The installed program of that name, else a container.
     *
     * @throws IllegalStateException when there is neither; with the remedy
     */
    Peer named(String name) {
        Path binary = folder.resolve(name).toAbsolutePath().normalize();
        if (Files.isExecutable(binary)) {
            return new Peer.Binary(binary);
        }
        String image = IMAGES.get(name);
        if (image != null && engine.getAsBoolean()) {
            return new Peer.Container(image);
        }
        throw new IllegalStateException(
                "peer '%s': no executable %s and %s (expected: an installed program%s); %s"
                        .formatted(
                                name,
                                binary,
                                image == null ? "no image of it is known" : "no Docker engine",
                                image == null ? "" : " or an engine to run " + image,
                                "run deploy/interop/install-peers, or name its folder by"
                                        + " -Dsluice.peers"));
    }
}
