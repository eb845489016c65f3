package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clusters that go where clients wanted to. As with Envoy a PROXY protocol header tells where that
 * is as well as the kernel does, so that this needs no netfilter.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class OriginalDestinationIT {
    private static final String PROXY_PROTOCOL =
            "[{name: f, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol,"
                    + " allow_requests_without_proxy_protocol: true}}]";

    private static String passThrough(String more) {
        return """
        - name: pass
          type: ORIGINAL_DST
          lb_policy: CLUSTER_PROVIDED
          connect_timeout: 1s
          %s
        """
                .formatted(more);
    }

    /** The first listener of a bootstrap reads the PROXY protocol. */
    private static String redirected(String bootstrap) {
        return bootstrap.replaceFirst(
                "(?m)^( +)filter_chains:", "$1listener_filters: " + PROXY_PROTOCOL + "\n$0");
    }

    private static String http(String cluster) {
        return redirected(Yaml.bootstrap(Yaml.routeTo("pass"), cluster));
    }

    private static String wanting(int port) {
        return "PROXY TCP4 192.0.2.7 127.0.0.1 4711 " + port + "\r\n";
    }

    private static H1Response get(RunningProxy proxy, String before, String... headers)
            throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(before);
            return client.exchange("GET", "/", Headers.of(headers), Body.EMPTY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void each_request_goes_where_its_connection_wanted_to(int loops) throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                H1Upstream two = H1Upstream.start(request -> H1Answer.ok("two"));
                RunningProxy proxy = RunningProxy.start(loops, http(passThrough("")))) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(proxy, wanting(one.port())).body().text()).isEqualTo("one");
                assertThat(get(proxy, wanting(two.port())).body().text()).isEqualTo("two");
            }
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.upstream().orElseThrow().host())
                    .as("upstream on record")
                    .contains(one.address());
        }
    }

    @Test
    void connections_to_a_destination_are_kept_for_the_next_request() throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                RunningProxy proxy = RunningProxy.start(1, http(passThrough("")));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(wanting(one.port()));
            for (int i = 0; i < 5; i++) {
                assertThat(get(client).status()).isEqualTo(200);
            }
            assertThat(one.connections()).as("connections upstream").isEqualTo(1);
        }
    }

    private static H1Response get(RawHttp1Client client) throws IOException {
        return client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
    }

    @Test
    void a_connection_that_nobody_redirected_has_no_destination_and_does_not_go_in_circles()
            throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, http(passThrough("")))) {
            H1Response answer = get(proxy, "");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.NO_HEALTHY_UPSTREAM);
        }
    }

    @Test
    void a_header_goes_before_the_connection_where_the_cluster_allows_it() throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                H1Upstream two = H1Upstream.start(request -> H1Answer.ok("two"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                http(
                                        passThrough(
                                                "original_dst_lb_config: {use_http_header:"
                                                        + " true}")))) {
            String wanting = wanting(one.port());
            String header = "x-envoy-original-dst-host";

            assertThat(get(proxy, wanting, header, "127.0.0.1:" + two.port()).body().text())
                    .as("a header that can be read")
                    .isEqualTo("two");
            assertThat(get(proxy, "", header, "127.0.0.1:" + two.port()).body().text())
                    .as("a header alone")
                    .isEqualTo("two");
            assertThat(get(proxy, wanting, header, "two").body().text())
                    .as("a header that can't be read")
                    .isEqualTo("one");
            assertThat(get(proxy, wanting).body().text()).as("no header").isEqualTo("one");
        }
    }

    @Test
    void the_header_means_nothing_where_the_cluster_does_not_allow_it() throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                RunningProxy proxy = RunningProxy.start(1, http(passThrough("")))) {
            assertThat(
                            get(
                                            proxy,
                                            wanting(one.port()),
                                            "x-envoy-original-dst-host",
                                            "127.0.0.1:1")
                                    .body()
                                    .text())
                    .isEqualTo("one");
        }
    }

    @Test
    void the_port_of_the_cluster_goes_before_the_wanted_one() throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                http(
                                        passThrough(
                                                "original_dst_lb_config: {upstream_port_override: "
                                                        + one.port()
                                                        + "}")))) {
            assertThat(get(proxy, wanting(1)).body().text()).isEqualTo("one");
        }
    }

    @Test
    void an_arm_of_a_gate_may_go_where_clients_wanted_to() throws Exception {
        try (H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
                H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                redirected(
                                        Yaml.bootstrap(
                                                Yaml.gatedRoute(500_000, "READ", ""),
                                                passThrough("").replace("pass", "old"),
                                                Yaml.cluster("new", fresh.port()))))) {
            for (int user = 0; user < 20; user++) {
                String key = "user-" + user;
                String arm = get(proxy, wanting(old.port()), "x-user", key).body().text();
                assertThat(get(proxy, wanting(old.port()), "x-user", key).body().text())
                        .as("arm of %s again", key)
                        .isEqualTo(arm);
            }
            assertThat(old.received()).as("what went where clients wanted to").isNotEmpty();
            assertThat(fresh.received()).as("what went to the new arm").isNotEmpty();
        }
    }

    @Test
    void bytes_go_where_their_connection_wanted_to() throws Exception {
        String tcp =
                """
                static_resources:
                  listeners:
                    - name: main
                      address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                      filter_chains:
                        - filters:
                            - name: tcp
                              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: pass}
                  clusters:
                """
                        + passThrough("").indent(4);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> connection.send(connection.readToEnd()));
                RunningProxy proxy = RunningProxy.start(1, redirected(tcp));
                TcpConnection client = connect(proxy);
                TcpConnection direct = connect(proxy)) {
            client.send(wanting(upstream.port()) + "hello");
            client.finish();
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");

            direct.send("hello");
            assertThat(direct.readToEnd()).as("without a destination").isEmpty();
        }
    }

    private static TcpConnection connect(RunningProxy proxy) throws IOException {
        return TcpConnection.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
    }

    @Test
    void connections_to_a_destination_that_is_not_in_use_close() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            readHead(connection);
                            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                            connection.readToEnd();
                            closed.countDown();
                        });
                RunningProxy proxy =
                        RunningProxy.start(1, http(passThrough("cleanup_interval: 0.02s")))) {
            assertThat(get(proxy, wanting(upstream.port())).status()).isEqualTo(200);

            Patience.await(closed, "the end of a connection that nobody uses");
        }
    }

    private static void readHead(TcpConnection connection) throws IOException {
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            head += (char) connection.in().read();
        }
    }

    @Test
    void a_swap_of_other_things_keeps_the_connections_to_destinations() throws Exception {
        try (H1Upstream one = H1Upstream.start(request -> H1Answer.ok("one"));
                RunningProxy proxy = RunningProxy.start(1, http(passThrough("")));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(wanting(one.port()));
            get(client);
            proxy.swap(
                    2,
                    redirected(
                            Yaml.bootstrap(
                                    Yaml.routeTo("pass"),
                                    passThrough(""),
                                    Yaml.cluster("other", 1))));
            get(client);

            assertThat(one.connections()).as("connections upstream").isEqualTo(1);
        }
    }
}
