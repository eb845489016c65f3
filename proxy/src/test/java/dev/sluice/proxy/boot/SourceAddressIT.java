package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where connections to endpoints come from ({@code upstream_bind_config}). The endpoint is another
 * proxy, which records who came.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class SourceAddressIT {
    private static final String SIX =
            "  upstream_bind_config: {source_address: {address: 127.0.0.6, port_value: 0}}\n";

    private static RunningProxy endpoint() {
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                        "- {match: {prefix: /}, direct_response: {status: 200, body:"
                                + " {inline_string: yes}}}\n"));
    }

    /**
     * A bootstrap whose cluster is the endpoint.
     *
     * @param more fields of the cluster
     */
    private static String bootstrap(RunningProxy endpoint, String more) {
        return Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", endpoint.port()) + more);
    }

    private static RunningProxy towards(RunningProxy endpoint, String more) {
        return RunningProxy.start(1, bootstrap(endpoint, more));
    }

    private static String source(RunningProxy endpoint) {
        return endpoint.nextRecord().downstream().getAddress().getHostAddress();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void connections_come_from_the_address_of_the_cluster(int loops) throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy =
                        RunningProxy.start(
                                loops,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", endpoint.port()) + SIX,
                                        Yaml.cluster("other", endpoint.port())))) {
            for (int client = 0; client < 4; client++) {
                assertThat(RawHttp1Client.get(proxy.port(), "/").body().text()).isEqualTo("yes");
                assertThat(source(endpoint)).as("source").isEqualTo("127.0.0.6");
            }
        }
    }

    @Test
    void a_cluster_without_one_leaves_it_to_the_system() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = towards(endpoint, "")) {
            RawHttp1Client.get(proxy.port(), "/");
            assertThat(source(endpoint)).as("source").isEqualTo("127.0.0.1");
        }
    }

    @Test
    void a_cluster_that_does_not_say_has_the_address_of_the_bootstrap() throws Exception {
        String manager =
                "cluster_manager:\n" + SIX.replace("127.0.0.6", "127.0.0.8") + "static_resources:";
        try (RunningProxy endpoint = endpoint()) {
            for (String more : List.of("", SIX, "  upstream_bind_config: {}\n")) {
                String wanted =
                        more.isEmpty() ? "127.0.0.8" : more.equals(SIX) ? "127.0.0.6" : "127.0.0.1";
                String bootstrap = bootstrap(endpoint, more).replace("static_resources:", manager);
                try (RunningProxy proxy = RunningProxy.start(1, bootstrap)) {
                    RawHttp1Client.get(proxy.port(), "/");
                    assertThat(source(endpoint)).as("source with '%s'", more).isEqualTo(wanted);
                }
            }
        }
    }

    @Test
    void records_say_where_connections_came_from() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {path: /2}, route: {cluster: two}}\n"
                                                + Yaml.routeTo("one"),
                                        Yaml.cluster("one", endpoint.port()) + SIX,
                                        Yaml.http2Cluster("two", endpoint.port())))) {
            for (String path : List.of("/1", "/2")) {
                RawHttp1Client.get(proxy.port(), path);
                assertThat(proxy.nextRecord().upstream().orElseThrow().source())
                        .as("this end of the connection of %s", path)
                        .contains(endpoint.nextRecord().downstream());
            }
        }
    }

    @Test
    void a_new_address_is_for_new_connections() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = towards(endpoint, SIX);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
            assertThat(source(endpoint)).as("source").isEqualTo("127.0.0.6");
            proxy.swap(2, bootstrap(endpoint, SIX.replace("127.0.0.6", "127.0.0.7")));
            client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
            assertThat(source(endpoint)).as("source after a swap").isEqualTo("127.0.0.7");
        }
    }

    /** 192.0.2.0/24 is for documentation (RFC 5737): no machine has it. */
    @Test
    void an_address_that_this_machine_has_not_is_503_with_flag_uf() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = towards(endpoint, SIX.replace("127.0.0.6", "192.0.2.7"))) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");

            assertThat(answer.status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_CONNECTION_FAILURE));
        }
    }

    @Test
    void an_endpoint_of_the_other_kind_of_address_is_503_with_flag_uf() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = towards(endpoint, SIX.replace("127.0.0.6", "'::1'"))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().details())
                    .as("details")
                    .contains("no source of the cluster is of this address's kind");
        }
    }

    @Test
    void checks_of_health_come_from_there_too() throws Exception {
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy =
                        towards(
                                endpoint,
                                SIX
                                        + "  health_checks: [{timeout: 20s, interval: 60s,"
                                        + " no_traffic_interval: 60s, healthy_threshold: 1,"
                                        + " unhealthy_threshold: 1, http_health_check:"
                                        + " {path: /healthz}}]\n")) {
            RawHttp1Client.get(proxy.port(), "/");
            assertThat(source(endpoint)).as("source of the check").isEqualTo("127.0.0.6");
        }
    }

    @Test
    void carried_connections_come_from_there_too() throws Exception {
        String carrying =
                """
                static_resources:
                  listeners:
                    - name: main
                      address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                      filter_chains:
                        - filters:
                            - name: tcp
                              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: app}
                  clusters:
                """;
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                carrying + (Yaml.cluster("app", endpoint.port()) + SIX).indent(4));
                TcpConnection client =
                        TcpConnection.connect(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), proxy.port()))) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");

            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .as("answer")
                    .startsWith("HTTP/1.1 200");
            assertThat(source(endpoint)).as("source").isEqualTo("127.0.0.6");
        }
    }
}
