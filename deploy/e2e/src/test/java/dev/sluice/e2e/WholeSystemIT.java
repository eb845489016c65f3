package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A control plane and a data plane, each a process of its own, and users who must not notice. */
class WholeSystemIT {
    @TempDir private Path folder;

    private final Running running = new Running();
    private int adminPort;
    private int xdsPort;
    private int listenPort;
    private int nodeAdminPort;
    private Spawned control;
    private Shop shop;
    private Caller users;

    @BeforeEach
    void start() throws IOException {
        adminPort = Spawned.freePort();
        xdsPort = Spawned.freePort();
        listenPort = Spawned.freePort();
        nodeAdminPort = Spawned.freePort();
        H1Upstream legacy = running.keep(H1Upstream.start(_ -> H1Answer.ok("legacy")));
        H1Upstream fresh = running.keep(H1Upstream.start(_ -> H1Answer.ok("new")));
        control = startControl();
        shop = Shop.at(adminPort, folder.resolve("state"));
        shop.create(listenPort, legacy.port(), fresh.port());
        users = running.keep(new Caller(listenPort));
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void a_sidecar_follows_the_gate_from_25_to_100_percent_and_the_kill_to_0(String protocol)
            throws IOException {
        startSidecar("edge-1", protocol);

        followsTheGate();
    }

    @ParameterizedTest
    @Tag("interop")
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void an_unmodified_envoy_follows_the_gate_from_25_to_100_percent_and_the_kill_to_0(
            String protocol) throws IOException {
        Path bootstrap = Configs.bootstrap(folder, "envoy-1", protocol, xdsPort, nodeAdminPort);
        running.keep(Spawned.envoy(bootstrap));

        followsTheGate();
    }

    @Test
    void the_death_of_the_control_plane_changes_nothing_for_users() throws Exception {
        Spawned sidecar = startSidecar("edge-1", "DELTA_GRPC");
        shop.setShare(50);
        users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 50);
        Map<String, Integer> before = users.tally();

        control.kill();

        assertThat(users.tally()).as("the same users on the same side").isEqualTo(before);

        sidecar.close();
        Spawned restarted = startSidecar("edge-1", "DELTA_GRPC");
        assertThat(restarted.isReady()).as("ready from its last good state").isTrue();
        assertThat(users.tally()).as("after a restart of the sidecar").isEqualTo(before);

        Spawned stranger = spawnSidecar("edge-2", "DELTA_GRPC", Spawned.freePort());
        Caller.await(() -> readiness(strangerAdmin) == 503);
        assertThat(readiness(strangerAdmin)).as("/ready of a sidecar without state").isEqualTo(503);
        stranger.close();

        control = startControl();
        shop.setShare(100);
        assertThat(users.tallyUntil(tally -> tally.getOrDefault("new", 0) == 200))
                .containsOnlyKeys("new");
    }

    private int strangerAdmin;

    private void followsTheGate() {
        assertThat(users.tallyUntil(tally -> tally.getOrDefault("legacy", 0) == 200))
                .containsOnlyKeys("legacy");

        shop.setShare(25);
        users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 25);
        Map<String, Integer> quarter = users.tally();
        assertThat(quarter).containsOnlyKeys("legacy", "new");
        assertThat(quarter.get("new")).as("of 200 users at 25 %").isBetween(25, 80);
        assertThat(users.tally()).as("the same users again").isEqualTo(quarter);

        shop.setShare(100);
        assertThat(users.tallyUntil(tally -> tally.getOrDefault("new", 0) == 200))
                .containsOnlyKeys("new");

        shop.kill();
        assertThat(users.tallyUntil(tally -> tally.getOrDefault("legacy", 0) == 200))
                .containsOnlyKeys("legacy");
    }

    private Spawned startControl() throws IOException {
        Spawned started =
                running.keep(
                        Spawned.java(
                                "sluice control ready",
                                List.of(
                                        "dev.sluice.control.boot.Main",
                                        "--listen",
                                        "127.0.0.1:" + adminPort,
                                        "--xds-listen",
                                        "127.0.0.1:" + xdsPort,
                                        "--web-listen",
                                        "127.0.0.1:0",
                                        "--state",
                                        folder.resolve("state").toString())));
        started.awaitReady();
        return started;
    }

    private Spawned startSidecar(String node, String protocol) throws IOException {
        Spawned sidecar = spawnSidecar(node, protocol, nodeAdminPort);
        sidecar.awaitReady();
        return sidecar;
    }

    private Spawned spawnSidecar(String node, String protocol, int admin) throws IOException {
        strangerAdmin = admin;
        Path bootstrap = Configs.bootstrap(folder, node, protocol, xdsPort, admin);
        return running.keep(
                Spawned.java(
                        "sluice proxy ready",
                        List.of(
                                "dev.sluice.proxy.boot.Main",
                                "-c",
                                bootstrap.toString(),
                                "--state",
                                folder.resolve(node).toString(),
                                "--event-loops",
                                "1")));
    }

    private static int readiness(int admin) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + admin + "/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
