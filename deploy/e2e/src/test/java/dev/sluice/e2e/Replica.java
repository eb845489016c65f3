package dev.sluice.e2e;

import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.demo.stage.Bootstrap.Beside;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One of several control planes on a database, as a process of its own. */
record Replica(Spawned process, Shop shop, int xdsPort) implements AutoCloseable {
    /** Starts one and waits until it serves. */
    static Replica start(Path state, EmbeddedPostgres database) throws IOException {
        int admin = Spawned.freePort();
        int xds = Spawned.freePort();
        Spawned process =
                Spawned.java(
                        "sluice control ready",
                        List.of(
                                "dev.sluice.control.boot.Main",
                                "--listen",
                                "127.0.0.1:" + admin,
                                "--xds-listen",
                                "127.0.0.1:" + xds,
                                "--web-listen",
                                "off",
                                "--state",
                                state.toString(),
                                "--store",
                                "jdbc:postgresql://127.0.0.1:" + database.getPort() + "/postgres",
                                "--store-user",
                                "postgres"));
        process.awaitReady();
        return new Replica(process, Shop.at(admin, state), xds);
    }

    /**
     * Starts a sidecar of service {@code edge} that this one serves.
     *
     * @param folder where its bootstrap and its state are
     * @param address that it listens on
     */
    Spawned startEdge(Path folder, String id, String address) throws IOException {
        Bootstrap bootstrap =
                new Bootstrap(
                        id,
                        new Beside("edge", Optional.empty(), address),
                        DataPlane.SLUICE_DELTA.protocol(),
                        Spawned.freePort(),
                        xdsPort);
        Path file = Files.writeString(folder.resolve(id + ".yaml"), bootstrap.yaml());
        return Spawned.proxy(file, "--state", folder.resolve(id).toString());
    }

    @Override
    public void close() {
        shop.close();
        process.close();
    }
}
