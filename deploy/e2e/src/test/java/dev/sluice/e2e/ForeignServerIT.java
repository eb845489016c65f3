package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A management server that is not ours (go-control-plane's) with gates that stand inline in its
 * routes: one set of resources for a sidecar and for stock Envoy.
 */
@Tag("interop")
class ForeignServerIT {
    private static final String NODE = "edge-1";

    @TempDir private Path folder;

    private final Running running = new Running();
    private int listenPort;
    private int legacyPort;
    private int newPort;
    private Spawned server;
    private Caller users;

    @BeforeEach
    void start() throws IOException {
        listenPort = Spawned.freePort();
        legacyPort = running.keep(H1Upstream.start(_ -> H1Answer.ok("legacy"))).port();
        newPort = running.keep(H1Upstream.start(_ -> H1Answer.ok("new"))).port();
        server = running.keep(Peer.named("foreign-ads").start("listening on", List.of(NODE)));
        users = running.keep(new Caller("127.0.0.1", listenPort));
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void a_sidecar_obeys_the_inline_gate_of_a_foreign_server(String protocol) throws IOException {
        serve("1", 250_000);
        running.keep(Spawned.java("sluice proxy ready", sidecar(protocol))).awaitReady();

        Map<String, Integer> quarter = users.tally();
        assertThat(quarter).as("users at 25 %").containsOnlyKeys("legacy", "new");
        assertThat(quarter.get("new")).as("of 200 users at 25 %").isBetween(25, 80);

        serve("2", 1_000_000);
        assertThat(users.tallyUntil(tally -> tally.getOrDefault("new", 0) == 200))
                .as("users at 100 %")
                .containsOnlyKeys("new");

        serve("3", 250_000);
        assertThat(users.tallyUntil(quarter::equals))
                .as("the same users at 25 % again: a foreign server's last value wins")
                .isEqualTo(quarter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void an_unmodified_envoy_takes_the_same_resources_and_passes_over_the_gate(String protocol)
            throws IOException {
        serve("1", 1_000_000);
        running.keep(Spawned.envoy(bootstrap(protocol)));

        assertThat(users.tallyUntil(tally -> tally.getOrDefault("legacy", 0) == 200))
                .as("users of the route's own cluster")
                .containsOnlyKeys("legacy");
    }

    private List<String> sidecar(String protocol) throws IOException {
        return List.of(
                "dev.sluice.proxy.boot.Main",
                "-c",
                bootstrap(protocol).toString(),
                "--state",
                folder.resolve("state").toString(),
                "--event-loops",
                "1");
    }

    private Path bootstrap(String protocol) throws IOException {
        String ready = server.awaitReady();
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(' ') + 1));
        return Configs.bootstrap(folder, NODE, protocol, port, Spawned.freePort());
    }

    private void serve(String version, int sharePpm) throws IOException {
        Path file = folder.resolve("resources-" + version + ".json");
        Files.writeString(file, resources(version, sharePpm));
        server.tell(file.toString());
        Caller.await(() -> server.output().stream().anyMatch(line -> said(line, version)));
        assertThat(server.output()).as("what the server said").contains("serving " + version);
    }

    private static boolean said(String line, String version) {
        return line.equals("serving " + version) || line.startsWith("refused");
    }

    private String resources(String version, int sharePpm) {
        return """
        {"version": "%s", "resources": [
          {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "edge",
           "address": {"socket_address": {"address": "127.0.0.1", "port_value": %d}},
           "filter_chains": [{"filters": [{
             "name": "envoy.filters.network.http_connection_manager",
             "typed_config": {
               "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
               "stat_prefix": "edge",
               "rds": {"route_config_name": "shop", "config_source": {"ads": {}, "resource_api_version": "V3"}},
               "http_filters": [{"name": "envoy.filters.http.router", "typed_config":
                 {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]},
          {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "shop",
           "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{
             "match": {"prefix": "/"}, "route": {"cluster": "old"},
             "typed_per_filter_config": {"sluice.gate": {
               "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "is_optional": true,
               "config": {"@type": "type.googleapis.com/xds.type.v3.TypedStruct",
                 "type_url": "type.googleapis.com/sluice.gate.v1.RouteGate",
                 "value": {"operation_class": "READ", "inline": {
                   "name": "gates/shop", "legacy_cluster": "old", "new_cluster": "fresh",
                   "store_kind": "SHARED", "from": "OFF", "to": "COMPLETE", "share_ppm": %d,
                   "bucketing": {"salt": "pepper", "key": {"header": "x-user"}, "legacy": {}}}}}}}}]}]},
          %s,
          %s,
          %s,
          %s
        ]}
        """
                .formatted(
                        version,
                        listenPort,
                        sharePpm,
                        cluster("old"),
                        cluster("fresh"),
                        endpoints("old", legacyPort),
                        endpoints("fresh", newPort));
    }

    private static String cluster(String name) {
        return """
        {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "%s", "type": "EDS",
         "connect_timeout": "1s",
         "eds_cluster_config": {"eds_config": {"ads": {}, "resource_api_version": "V3"}}}\
        """
                .formatted(name);
    }

    private static String endpoints(String cluster, int port) {
        return """
        {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "%s",
         "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"socket_address":
           {"address": "127.0.0.1", "port_value": %d}}}}]}]}\
        """
                .formatted(cluster, port);
    }
}
