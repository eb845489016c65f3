package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes carried both ways. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class TcpProxyIT {
    @TempDir private Path folder;

    private static String bootstrap(String tls, String more, String... clusters) {
        return """
        static_resources:
          listeners:
            - name: main
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              filter_chains:
                - filters:
                    - name: tcp
                      typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, %s}
                  %s
          clusters:
        """
                        .formatted(more, tls)
                + String.join("", clusters).indent(4);
    }

    private static RunningProxy start(int loops, TcpUpstream upstream) {
        return RunningProxy.start(
                loops, bootstrap("", "cluster: app", Yaml.cluster("app", upstream.port())));
    }

    private static TcpConnection connect(RunningProxy proxy) throws IOException {
        return TcpConnection.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void bytes_go_both_ways_and_the_connection_is_recorded(int loops) throws Exception {
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            byte[] got = connection.readToEnd();
                            connection.send(got);
                        });
                RunningProxy proxy = start(loops, upstream);
                TcpConnection client = connect(proxy)) {
            client.send("hello");
            client.finish();
            byte[] answer = client.readToEnd();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(new String(answer, StandardCharsets.US_ASCII))
                    .as("what came after the client had ended its side")
                    .isEqualTo("hello");
            assertThat(record.listener()).as("listener").isEqualTo("main");
            assertThat(record.bytesReceived()).as("received").isEqualTo(5);
            assertThat(record.bytesSent()).as("sent").isEqualTo(5);
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.upstream().orElseThrow().cluster()).as("cluster").isEqualTo("app");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void what_a_client_sends_before_its_end_reaches_an_endpoint_that_ends_without_an_answer(
            int loops) throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection ->
                                heard.add(
                                        new String(
                                                connection.readToEnd(),
                                                StandardCharsets.US_ASCII)));
                RunningProxy proxy = start(loops, upstream)) {
            for (int i = 0; i < 200; i++) {
                try (TcpConnection client = connect(proxy)) {
                    client.send("request");
                    client.finish();

                    assertThat(client.readToEnd()).as("answer %s", i).isEmpty();
                }
            }

            assertThat(heard).hasSize(200).containsOnly("request");
        }
    }

    @Test
    void a_client_that_ends_its_side_and_reads_late_receives_every_byte() throws Exception {
        byte[] sent = new byte[32 * 1024 * 1024];
        new SplittableRandom(7).nextBytes(sent);
        CountDownLatch ended = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.readToEnd();
                            ended.countDown();
                            connection.send(sent);
                        });
                RunningProxy proxy = start(1, upstream);
                TcpConnection client =
                        TcpConnection.connect(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), proxy.port()),
                                16 * 1024)) {
            client.finish();
            client.await(ended);

            assertThat(Arrays.equals(client.readToEnd(), sent)).as("all bytes came").isTrue();
            assertThat(proxy.nextRecord().bytesSent()).as("on record").isEqualTo(sent.length);
        }
    }

    @Test
    void an_endpoint_that_speaks_first_and_ends_its_side_first_still_hears_the_client()
            throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.send("banner");
                            connection.finish();
                            if (connection.readToEnd().length == 4) {
                                heard.countDown();
                            }
                        });
                RunningProxy proxy = start(1, upstream);
                TcpConnection client = connect(proxy)) {
            byte[] banner = client.readToEnd();
            client.send("late");
            client.finish();

            assertThat(banner).as("banner").asString().isEqualTo("banner");
            client.await(heard);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void large_streams_arrive_whole(int loops) throws Exception {
        byte[] sent = new byte[20_000_000];
        new SplittableRandom(3).nextBytes(sent);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.send(sent);
                            connection.finish();
                            connection.readToEnd();
                        });
                RunningProxy proxy = start(loops, upstream);
                TcpConnection client = connect(proxy)) {
            byte[] got = client.readToEnd();
            client.finish();

            assertThat(Arrays.equals(got, sent)).as("the same bytes").isTrue();
        }
    }

    @Test
    void connections_are_spread_by_weight() throws Exception {
        try (TcpUpstream one = TcpUpstream.start(connection -> connection.send("1"));
                TcpUpstream two = TcpUpstream.start(connection -> connection.send("2"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        "",
                                        "weighted_clusters: {clusters: [{name: one, weight: 1},"
                                                + " {name: two, weight: 1}]}",
                                        Yaml.cluster("one", one.port()),
                                        Yaml.cluster("two", two.port())))) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                try (TcpConnection client = connect(proxy)) {
                    seen.add(new String(client.readToEnd(), StandardCharsets.US_ASCII));
                }
            }
            assertThat(seen).as("clusters that were drawn").containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void a_refused_connection_closes_the_client_with_flag_uf() throws Exception {
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        "",
                                        "cluster: app, max_connect_attempts: 3",
                                        Yaml.cluster("app", TcpUpstream.refusedPort())));
                TcpConnection client = connect(proxy)) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(record.flags()).containsExactly(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
            assertThat(record.upstream().orElseThrow().attempts()).as("attempts").isEqualTo(3);
        }
    }

    @Test
    void a_cluster_without_endpoints_closes_the_client_with_flag_uh() throws Exception {
        try (RunningProxy proxy =
                        RunningProxy.start(1, bootstrap("", "cluster: app", Yaml.cluster("app")));
                TcpConnection client = connect(proxy)) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextRecord().flags())
                    .containsExactly(ResponseFlag.NO_HEALTHY_UPSTREAM);
        }
    }

    @Test
    void silence_ends_the_connection_after_the_idle_timeout() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(TcpConnection::readToEnd);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        "",
                                        "cluster: app, idle_timeout: 0.05s",
                                        Yaml.cluster("app", upstream.port())));
                TcpConnection client = connect(proxy)) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextRecord().flags())
                    .containsExactly(ResponseFlag.STREAM_IDLE_TIMEOUT);
        }
    }

    @Test
    void a_connection_ends_after_its_longest_duration() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(TcpConnection::readToEnd);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        "",
                                        "cluster: app, max_downstream_connection_duration: 0.05s",
                                        Yaml.cluster("app", upstream.port())));
                TcpConnection client = connect(proxy)) {
            assertThat(client.readToEnd()).as("an answer").isEmpty();
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.DURATION_TIMEOUT);
        }
    }

    @Test
    void tls_of_the_client_ends_here() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        String tls =
                TlsYaml.downstream(TlsYaml.showing(certificates.issue("server", "localhost"), ""));
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> connection.send(connection.read(5)));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        tls,
                                        "cluster: app",
                                        Yaml.cluster("app", upstream.port())));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            try (SSLSocket client = http.connect(proxy.port(), "localhost")) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            assertThat(proxy.nextRecord().authority()).as("name asked for").isEqualTo("localhost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"V1", "V2"})
    void the_endpoint_is_told_who_the_client_is(String version) throws Exception {
        String told =
                Yaml.cluster("app", 1)
                        + """
                          transport_socket: {name: p, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport, config: {version: %s}, transport_socket: {name: raw, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}}
                        """
                                .formatted(version);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> connection.send(connection.readToEnd()));
                RunningProxy inner = listening(upstream);
                RunningProxy outer =
                        RunningProxy.start(
                                1,
                                bootstrap(
                                        "",
                                        "cluster: app",
                                        told.replace(
                                                "port_value: 1}",
                                                "port_value: " + inner.port() + "}")));
                TcpConnection client = connect(outer)) {
            InetSocketAddress own = client.local();
            client.send("hello");
            client.finish();

            assertThat(client.readToEnd()).asString().isEqualTo("hello");
            assertThat(inner.nextRecord().downstream()).as("the client").isEqualTo(own);
        }
    }

    /** A proxy that reads the header. */
    private static RunningProxy listening(TcpUpstream upstream) {
        return RunningProxy.start(
                1,
                bootstrap("", "cluster: app", Yaml.cluster("app", upstream.port()))
                        .replace(
                                "      filter_chains:",
                                "      listener_filters: [{name: p, typed_config: {\"@type\":"
                                        + " type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol}}]\n"
                                        + "      filter_chains:"));
    }
}
