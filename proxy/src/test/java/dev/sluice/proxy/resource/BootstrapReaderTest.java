package dev.sluice.proxy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapReaderTest {
    private static String file(String name) throws IOException {
        try (InputStream in = BootstrapReaderTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpConnectionManagerSpec manager(BootstrapSpec spec) {
        return (HttpConnectionManagerSpec) spec.listeners().getFirst().chains().getFirst().filter();
    }

    @Test
    void loads_a_bootstrap_with_a_gate_that_stock_envoy_accepts_too() throws IOException {
        BootstrapSpec spec = BootstrapReader.read(file("inline-gate.yaml"), "f").orThrow();

        HttpConnectionManagerSpec manager = manager(spec);
        assertThat(manager.gates()).contains(GateFilter.DEFAULT);
        RouteSource.Inline routes = (RouteSource.Inline) manager.routes();
        var route = routes.routes().virtualHosts().getFirst().routes().getFirst();
        assertThat(route.action()).isEqualTo(new RouteActionSpec.DirectResponse(200, ""));
        assertThat(route.gate().orElseThrow().source())
                .isEqualTo(new RouteGate.Source.Named(GateName.parse("gates/x").orThrow()));
    }

    @Test
    void what_the_command_line_says_of_the_node_wins_and_leaves_the_rest() throws IOException {
        NodeNames names =
                new NodeNames(Optional.of("pod-7f"), Optional.empty(), Optional.of("eu-1b"));

        BootstrapSpec spec = BootstrapReader.read(file("ads.yaml"), "f", names).orThrow();

        BootstrapSpec.Node before = BootstrapReader.read(file("ads.yaml"), "f").orThrow().node();
        assertThat(spec.node())
                .isEqualTo(
                        new BootstrapSpec.Node(
                                "pod-7f",
                                before.cluster(),
                                before.metadata(),
                                new BootstrapSpec.Locality(
                                        before.locality().region(),
                                        "eu-1b",
                                        before.locality().subZone())));
        assertThat(spec.source().getNode().getId()).isEqualTo("pod-7f");
    }

    @Test
    void loads_a_bootstrap_that_follows_a_management_server() throws IOException {
        BootstrapSpec spec = BootstrapReader.read(file("ads.yaml"), "f").orThrow();

        assertThat(spec.node().id()).isEqualTo("sidecar-1");
        assertThat(spec.node().locality().zone()).isEqualTo("a");
        assertThat(spec.admin()).contains(new SocketAddressSpec("127.0.0.1", 9901));
        assertThat(spec.ads())
                .contains(
                        new BootstrapSpec.Ads(
                                BootstrapSpec.Protocol.DELTA,
                                "control",
                                "",
                                java.util.Map.of("authorization", "Bearer t"),
                                java.util.Set.of(
                                        BootstrapSpec.Subscription.LISTENERS,
                                        BootstrapSpec.Subscription.CLUSTERS)));
        assertThat(spec.inert())
                .contains("stats_config", "static_resources.clusters[0].alt_stat_name");
    }

    @Test
    void reports_six_different_mistakes_at_once_with_line_and_path() throws IOException {
        List<Problem> problems = BootstrapReader.read(file("six-mistakes.yaml"), "f").problems();

        String http = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config";
        String host = http + ".route_config.virtual_hosts[0]";
        assertThat(problems)
                .extracting(Problem::path)
                .containsExactly(
                        "f:11:11 " + http + ".delayed_close_timeout",
                        "f:17:46 " + host + ".routes[0].route.cluster",
                        "f:18:38 " + host + ".routes[1].match.safe_regex.regex",
                        "f:21:17 " + host + ".routes[2]",
                        "f:23:147 static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value",
                        "f:24:5 static_resources.clusters[1].name");
        assertThat(problems).allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank());
    }

    @Test
    void refuses_a_document_that_cannot_be_read_before_looking_at_its_meaning() {
        Parsed<BootstrapSpec> parsed =
                BootstrapReader.read("static_resources: {listenrs: []}", "f");

        assertThat(parsed.problems())
                .singleElement()
                .extracting(Problem::remedy)
                .isEqualTo("did you mean listeners?");
    }

    @Test
    void refuses_names_and_addresses_that_come_twice() {
        String listener =
                "{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 80}}}";
        List<Problem> problems =
                BootstrapReader.read(
                                "{static_resources: {listeners: [%s, %s], clusters: [{name: c}, {name: c}]}}"
                                        .formatted(listener, listener),
                                "f")
                        .problems();

        assertThat(problems)
                .extracting(Problem::got)
                .contains(
                        "listener 'l' a second time, first at static_resources.listeners[0].name",
                        "address '127.0.0.1 port 80' a second time, first at static_resources.listeners[0].address",
                        "cluster 'c' a second time, first at static_resources.clusters[0].name");
    }

    @Test
    void gates_need_their_clusters_even_where_those_of_routes_are_not_validated() {
        String text =
                """
                static_resources:
                  listeners:
                    - name: l
                      address: {socket_address: {address: 127.0.0.1, port_value: 80}}
                      filter_chains:
                        - filters:
                            - name: h
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                stat_prefix: l
                                http_filters:
                                  - name: sluice.gate
                                    typed_config: {"@type": type.googleapis.com/sluice.gate.v1.GateFilter, carried_trust: ANY_PEER}
                                  - name: r
                                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                                route_config:
                                  validate_clusters: VALIDATED
                                  request_mirror_policies: [{cluster: m1}]
                                  virtual_hosts:
                                    - name: all
                                      domains: ["*"]
                                      request_mirror_policies: [{cluster: m2}]
                                      routes:
                                        - {match: {path: /a}, route: {cluster: c1, request_mirror_policies: [{cluster: m3}]}}
                                        - {match: {path: /b}, route: {weighted_clusters: {clusters: [{name: c2, weight: 1}]}}}
                                        - match: {path: /c}
                                          route: {cluster: c3}
                                          typed_per_filter_config:
                                            sluice.gate:
                                              "@type": type.googleapis.com/sluice.gate.v1.RouteGate
                                              operation_class: READ
                                              inline:
                                                name: gates/g
                                                legacy_cluster: g1
                                                new_cluster: g2
                                                store_kind: SHARED
                                                from: OFF
                                                to: COMPLETE
                                                bucketing: {salt: s, key: {header: x-u}, legacy: {}}
                """;

        assertThat(unknownClusters(text.replace("VALIDATED", "false")))
                .containsExactlyInAnyOrder("'g1'", "'g2'");
        assertThat(unknownClusters(text.replace("VALIDATED", "true")))
                .containsExactlyInAnyOrder(
                        "'m1'", "'m2'", "'m3'", "'c1'", "'c2'", "'c3'", "'g1'", "'g2'");
    }

    private static List<String> unknownClusters(String bootstrap) {
        return BootstrapReader.read(bootstrap, "f").problems().stream()
                .map(Problem::got)
                .filter(got -> got.startsWith("unknown cluster "))
                .map(got -> got.substring("unknown cluster ".length()))
                .toList();
    }

    @Test
    void refuses_ads_without_server_or_node() {
        List<Problem> problems =
                BootstrapReader.read(
                                "{dynamic_resources: {lds_config: {path: x}, ads_config: {api_type: REST, transport_api_version: V2, grpc_services: [{envoy_grpc: {cluster_name: nope}}]}}}",
                                "f")
                        .problems();

        assertThat(problems)
                .extracting(problem -> problem.path().substring(problem.path().indexOf(' ') + 1))
                .containsExactlyInAnyOrder(
                        "dynamic_resources.lds_config.path",
                        "dynamic_resources.lds_config",
                        "dynamic_resources.ads_config",
                        "dynamic_resources.ads_config.api_type",
                        "dynamic_resources.ads_config.transport_api_version",
                        "dynamic_resources.ads_config.grpc_services[0].envoy_grpc.cluster_name");
        assertThat(
                        BootstrapReader.read("{dynamic_resources: {cds_config: {ads: {}}}}", "f")
                                .problems())
                .singleElement()
                .extracting(Problem::got)
                .isEqualTo("no ads_config");
    }
}
