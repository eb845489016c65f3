package dev.sluice.e2e;

import dev.sluice.demo.stage.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bootstraps of nodes under the control plane, for Sluice and for Envoy alike. */
final class Configs {
    private Configs() {}

    /**
     * @param protocol {@code GRPC} or {@code DELTA_GRPC}
     */
    static Path bootstrap(Path folder, String node, String protocol, int xdsPort, int adminPort)
            throws IOException {
        Bootstrap bootstrap =
                new Bootstrap(
                        node,
                        Bootstrap.Beside.edge("edge"),
                        Bootstrap.Protocol.valueOf(protocol),
                        adminPort,
                        xdsPort);
        return Files.writeString(folder.resolve(node + ".yaml"), bootstrap.yaml());
    }
}
