package dev.sluice.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where peers come from: containers where a Docker engine runs, else the programs of the same
 * versions that {@code deploy/interop/install-peers} installed (decision 0033). Immutable.
 *
 * @param folder of installed programs
 * @param from which of the two are taken
 * @param engine that runs containers
 */
record Peers(Path folder, From from, Engine engine) {
    /**
     * This machine's. System property {@code sluice.peers} names the folder, by default the one
     * that {@code install-peers} takes by default; {@code sluice.peers.from} is {@code anywhere},
     * {@code containers} or {@code folder}.
     */
    static final Peers HERE =
            new Peers(
                    Path.of(System.getProperty("sluice.peers", "../interop/target/peers/bin")),
                    From.named(System.getProperty("sluice.peers.from", "anywhere")),
                    Engine.DOCKER);

    /** An image's entry point is the program. The rest are installed programs. */
    static final Map<String, String> IMAGES =
            Map.of(
                    "curl", "curlimages/curl:7.88.1",
                    "envoy", "envoyproxy/envoy:v1.40.0",
                    "grpcurl", "fullstorydev/grpcurl:v1.9.3",
                    "h2spec", "summerwind/h2spec:2.2.1");

    /** Which peers are taken. */
    enum From {
        /** A container, or the installed program where it can't be had. */
        ANYWHERE,
        /** Containers of all that have an image. */
        CONTAINERS,
        /** Installed programs; no engine is asked for. */
        FOLDER;

        static From named(String word) {
            for (From from : values()) {
                if (from.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return from;
                }
            }
            throw new IllegalArgumentException(
                    "sluice.peers.from: '%s' (expected: anywhere, containers or folder)"
                            .formatted(word));
        }
    }

    /**
     * The peer of that name.
     *
     * @throws IllegalStateException when there is none; with the remedy
     */
    Peer named(String name) {
        String image = IMAGES.get(name);
        if (image != null && from != From.FOLDER && engine.has(image)) {
            return new Peer.Container(image);
        }
        Path binary = folder.resolve(name).toAbsolutePath().normalize();
        if (Files.isExecutable(binary) && (image == null || from != From.CONTAINERS)) {
            return new Peer.Binary(binary);
        }
        throw new IllegalStateException(
                "peer '%s': %s; %s".formatted(name, missing(image, binary), remedy(image)));
    }

    private String missing(@Nullable String image, Path binary) {
        String program = "no executable " + binary;
        if (image == null) {
            return program + " and no image of it is known";
        }
        return switch (from) {
            case FOLDER -> program;
            case CONTAINERS -> "no engine that has " + image;
            case ANYWHERE -> program + " and no engine that has " + image;
        };
    }

    private String remedy(@Nullable String image) {
        return image != null && from == From.CONTAINERS
                ? "start a Docker engine, or leave out -Dsluice.peers.from"
                : "run deploy/interop/install-peers, or name its folder by -Dsluice.peers";
    }
}
