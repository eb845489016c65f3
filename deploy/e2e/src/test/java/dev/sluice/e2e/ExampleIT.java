package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code deploy/example}, as they stand but for their ports. */
@Tag("interop")
class ExampleIT {
    private static final Path EXAMPLES = Path.of("../example");

    @TempDir private Path folder;

    private final Running running = new Running();
    private Arms arms;
    private int listenPort;
    private Caller users;

    @BeforeEach
    void start() throws IOException {
        arms = running.keep(Arms.http());
        listenPort = Spawned.freePort();
        users = running.keep(new Caller("127.0.0.1", listenPort));
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void the_static_bootstrap_splits_three_to_one_on_our_proxy() throws IOException {
        running.keep(Spawned.proxy(example("static.yaml", 0))).awaitReady();

        isSplitThreeToOne(users.tally());
    }

    @Test
    void the_static_bootstrap_splits_three_to_one_on_an_unmodified_envoy() throws IOException {
        running.keep(Spawned.envoy(example("static.yaml", 0))).awaitReady();

        isSplitThreeToOne(users.tally());
    }

    /** 50 of 200 in the mean; outside of 20 to 85 once in ten million runs. */
    private static void isSplitThreeToOne(Map<String, Integer> tally) {
        assertThat(tally).as("who answers").containsOnlyKeys("legacy", "new");
        assertThat(tally.get("new")).as("of 200 requests at 25 %").isBetween(20, 85);
    }

    @Test
    void the_ads_bootstrap_runs_under_a_foreign_server() throws IOException {
        Spawned server =
                running.keep(Peer.named("foreign-ads").start("listening on", List.of("edge-1")));
        String ready = server.awaitReady();
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(' ') + 1));
        server.tell(resources().toString());
        Spawned proxy =
                running.keep(
                        Spawned.proxy(
                                example("ads.yaml", port),
                                "--state",
                                folder.resolve("sidecar").toString()));

        proxy.awaitReady();

        assertThat(users.tallyUntil(tally -> tally.containsKey("legacy")))
                .as("who answers by the foreign server's route")
                .containsOnlyKeys("legacy");
    }

    @Test
    void the_shop_is_applied_and_its_gate_moves_users_of_the_sidecar() throws IOException {
        int adminPort = Spawned.freePort();
        int xdsPort = Spawned.freePort();
        String state = folder.resolve("state").toString();
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
                                        state)))
                .awaitReady();
        List<String> server = List.of("--server", "127.0.0.1:" + adminPort, "--state", state);

        succeeds(server, "apply", "-f", example("shop.yaml", xdsPort).toString());
        running.keep(
                        Spawned.proxy(
                                example("sidecar.yaml", xdsPort),
                                "--state",
                                folder.resolve("sidecar").toString()))
                .awaitReady();
        Map<String, Integer> atZero =
                users.tallyUntil(tally -> tally.equals(Map.of("legacy", Caller.USERS)));
        succeeds(server, "gate", "set", "gates/customers", "25%");
        users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 20);
        Map<String, Integer> quarter = users.tally();
        String explained = succeeds(server, "gate", "explain", "gates/customers", "--key", "4711");
        succeeds(server, "gate", "kill", "gates/customers", "--reason", "wrong totals");
        Map<String, Integer> killed =
                users.tallyUntil(tally -> tally.equals(Map.of("legacy", Caller.USERS)));
        String nodes = succeeds(server, "node", "list");

        assertThat(atZero).as("at share 0").containsOnlyKeys("legacy");
        assertThat(quarter.get("new")).as("of 200 users at 25 %").isBetween(20, 85);
        assertThat(explained).as("gate explain").containsAnyOf("LEGACY", "NEW");
        assertThat(killed).as("after the kill").containsOnlyKeys("legacy");
        assertThat(nodes).as("node list").contains("edge-1");
    }

    private String succeeds(List<String> server, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("dev.sluice.control.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(server);
        Ran ran = Ran.program(Spawned.javaCommand(command), Peer.LONGEST);
        assertThat(ran.exitCode())
                .as("exit code of %s, which said %s", String.join(" ", arguments), ran.output())
                .isZero();
        return ran.output();
    }

    /** An example with this test's ports in place of its own. */
    private Path example(String name, int xdsPort) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(name));
        for (Map.Entry<String, Integer> port :
                Map.of(
                                "10000",
                                listenPort,
                                "15000",
                                Spawned.freePort(),
                                "8081",
                                arms.legacyPort(),
                                "8082",
                                arms.newPort(),
                                "9721",
                                xdsPort,
                                "18000",
                                xdsPort)
                        .entrySet()) {
            text =
                    text.replaceAll(
                            "(port(?:_value)?: )" + port.getKey() + "\\b", "$1" + port.getValue());
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private Path resources() throws IOException {
        return Files.writeString(
                folder.resolve("resources.json"),
                """
                {"version": "1", "resources": [
                  {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "users",
                   "address": {"socket_address": {"address": "127.0.0.1", "port_value": %d}},
                   "filter_chains": [{"filters": [{
                     "name": "envoy.filters.network.http_connection_manager",
                     "typed_config": {
                       "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                       "stat_prefix": "users",
                       "route_config": {"name": "shop", "virtual_hosts": [{"name": "shop", "domains": ["*"],
                         "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "legacy"}}]}]},
                       "http_filters": [{"name": "envoy.filters.http.router", "typed_config":
                         {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]},
                  {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "legacy", "type": "STATIC",
                   "connect_timeout": "1s", "load_assignment": {"cluster_name": "legacy", "endpoints": [{"lb_endpoints":
                     [{"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": %d}}}}]}]}}
                ]}
                """
                        .formatted(listenPort, arms.legacyPort()));
    }
}
