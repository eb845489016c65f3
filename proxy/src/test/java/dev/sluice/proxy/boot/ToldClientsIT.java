package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.boot.TunnelClient.Over;
import dev.sluice.proxy.boot.TunnelClient.Wish;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP to endpoints that are told by a PROXY protocol header who the client is. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ToldClientsIT {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.";
    private static final String ANSWER =
            "- {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: yes}}}\n";

    /** "\r\n\r\n\0\r\nQUIT\n", version 2 and LOCAL, no family, no bytes. */
    private static final String LOCAL_HEADER = "0d0a0d0a000d0a515549540a20000000";

    @TempDir private Path folder;

    private static Stream<Arguments> kinds() {
        return Stream.of("V1", "V2")
                .flatMap(version ->
                        Stream.of("HTTP1", "HTTP2")
                                .map(protocol -> Arguments.of(version, protocol)));
    }

    /** The cluster, whose endpoints are told. */
    private static String told(String version, String inner, String cluster) {
        return cluster
                + """
                  transport_socket: {name: p, typed_config: {"@type": %stransport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport, config: {version: %s}, transport_socket: {name: inner, typed_config: {"@type": %stransport_sockets.%s}}}}
                """
                        .formatted(TYPE, version, TYPE, inner);
    }

    private static String told(String version, String cluster) {
        return told(version, "raw_buffer.v3.RawBuffer", cluster);
    }

    /** An endpoint that reads the header and records who came. */
    private static RunningProxy endpoint(String tls) {
        String bootstrap = Yaml.bootstrap(ANSWER);
        return RunningProxy.start(
                1,
                (tls.isEmpty() ? bootstrap : TlsYaml.secured(bootstrap, tls))
                        .replace(
                                "      filter_chains:",
                                "      listener_filters: [{name: p, typed_config: {\"@type\": "
                                        + TYPE
                                        + "filters.listener.proxy_protocol.v3.ProxyProtocol}}]\n"
                                        + "      filter_chains:"));
    }

    /** An endpoint of HTTP/1.1 that answers with the line of version 1 that came first. */
    private static TcpUpstream echo(Mailbox<String> ends) {
        return TcpUpstream.start(connection -> {
            String told = line(connection);
            while (isRequest(connection)) {
                connection.send(
                        "HTTP/1.1 200 OK\r\ncontent-length: " + told.length() + "\r\n\r\n" + told);
            }
            ends.put(told);
        });
    }

    private static boolean isRequest(TcpConnection connection) throws IOException {
        boolean some = false;
        for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
            some = true;
        }
        return some;
    }

    /** Without its end; empty at the end of the stream. */
    private static String line(TcpConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.in().read(); next >= 0; next = connection.in().read()) {
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) next);
        }
        return "";
    }

    private static RunningProxy towards(String... clusters) {
        return RunningProxy.start(1, Yaml.bootstrap(Yaml.routeTo("app"), clusters));
    }

    private static String get(RawHttp1Client client) throws IOException {
        H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
        assertThat(answer.status()).as("status").isEqualTo(200);
        return answer.body().text();
    }

    /** What an endpoint is told of this connection of a client. */
    private static String header(TcpConnection client) {
        return header(client.local(), client.peer());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void each_request_comes_over_a_connection_that_tells_its_client(String version, String protocol)
            throws Exception {
        try (RunningProxy endpoint = endpoint("");
                RunningProxy proxy =
                        towards(
                                told(
                                        version,
                                        protocol.equals("HTTP1")
                                                ? Yaml.cluster("app", endpoint.port())
                                                : Yaml.http2Cluster("app", endpoint.port())));
                RawHttp1Client one = RawHttp1Client.connect(proxy.port());
                RawHttp1Client two = RawHttp1Client.connect(proxy.port());
                H2Client three = H2Client.connect(proxy.port())) {
            for (int turn = 0; turn < 3; turn++) {
                for (RawHttp1Client client : List.of(one, two)) {
                    get(client);
                    assertThat(endpoint.nextRecord().downstream())
                            .as("who came to the endpoint")
                            .isEqualTo(client.connection().local());
                    proxy.nextRecord();
                }
                assertThat(three.get("/").status()).as("status over HTTP/2").isEqualTo(200);
                assertThat(endpoint.nextRecord().downstream())
                        .as("who came to the endpoint for a client of HTTP/2")
                        .isEqualTo(proxy.nextRecord().downstream());
            }
        }
    }

    @Test
    void a_client_uses_its_connection_again_and_nobody_else_does() throws Exception {
        try (TcpUpstream upstream = echo(new Mailbox<>("ends"));
                RunningProxy proxy = towards(told("V1", Yaml.cluster("app", upstream.port())));
                RawHttp1Client one = RawHttp1Client.connect(proxy.port());
                RawHttp1Client two = RawHttp1Client.connect(proxy.port())) {
            for (int turn = 0; turn < 3; turn++) {
                assertThat(get(one)).as("told of one").isEqualTo(header(one.connection()));
                assertThat(get(two)).as("told of the other").isEqualTo(header(two.connection()));
            }

            assertThat(upstream.connections()).as("connections of two clients").isEqualTo(2);
        }
    }

    @Test
    void streams_at_once_come_over_connections_of_their_clients() {
        try (RunningProxy endpoint = endpoint("");
                RunningProxy proxy =
                        towards(told("V2", Yaml.http2Cluster("app", endpoint.port())));
                H2Client one = H2Client.connect(proxy.port());
                H2Client two = H2Client.connect(proxy.port())) {
            List<H2Stream> streams = new ArrayList<>();
            for (H2Client client : List.of(one, two, one, two)) {
                H2Stream stream = client.open();
                stream.sendLast(H2Client.request("GET", "/"));
                streams.add(stream);
            }
            streams.forEach(stream ->
                    assertThat(stream.readMessage().status()).as("status").isEqualTo(200));

            List<InetSocketAddress> asked = new ArrayList<>();
            List<InetSocketAddress> told = new ArrayList<>();
            for (int request = 0; request < 4; request++) {
                asked.add(proxy.nextRecord().downstream());
                told.add(endpoint.nextRecord().downstream());
            }
            assertThat(told).as("who came").containsExactlyInAnyOrderElementsOf(asked);
            assertThat(told.stream().distinct()).as("clients").hasSize(2);
        }
    }

    @Test
    void connections_end_with_the_client_that_they_tell_of() throws Exception {
        Mailbox<String> ends = new Mailbox<>("connections that ended");
        try (TcpUpstream upstream = echo(ends);
                RunningProxy proxy = towards(told("V1", Yaml.cluster("app", upstream.port())));
                RawHttp1Client stays = RawHttp1Client.connect(proxy.port())) {
            get(stays);
            String left;
            try (RawHttp1Client leaves = RawHttp1Client.connect(proxy.port())) {
                left = get(leaves);
            }

            assertThat(ends.next()).as("whose connection ended").isEqualTo(left);
            assertThat(get(stays)).as("who stayed").isEqualTo(header(stays.connection()));
            assertThat(upstream.connections()).as("connections in all").isEqualTo(2);
        }
    }

    /** On one loop, since each may have a connection whatever the others do. */
    @Test
    void an_idle_client_makes_room_where_a_cluster_may_have_no_more_connections() throws Exception {
        Mailbox<String> ends = new Mailbox<>("connections that ended");
        try (TcpUpstream upstream = echo(ends);
                RunningProxy proxy =
                        RunningProxy.start(
                                ProxySettings.defaults().withEventLoops(1),
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        told("V1", Yaml.cluster("app", upstream.port()))
                                                + "  circuit_breakers: {thresholds:"
                                                + " [{max_connections: 1}]}\n"));
                RawHttp1Client one = RawHttp1Client.connect(proxy.port());
                RawHttp1Client two = RawHttp1Client.connect(proxy.port())) {
            get(one);
            assertThat(get(two)).as("told of two").isEqualTo(header(two.connection()));
            assertThat(ends.next()).as("who made room").isEqualTo(header(one.connection()));
            assertThat(get(one)).as("told of one again").isEqualTo(header(one.connection()));
            assertThat(ends.next()).as("who made room then").isEqualTo(header(two.connection()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alpn_protocols: [h2], "})
    void tls_begins_after_the_header(String alpn) throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        String shown =
                TlsYaml.showing(
                        certificates.issue("server", "localhost"), "alpn_protocols: [h2], ");
        try (RunningProxy endpoint = endpoint(shown);
                RunningProxy proxy =
                        towards(
                                told(
                                        "V2",
                                        "tls.v3.UpstreamTlsContext, common_tls_context: {"
                                                + TlsYaml.trusting(certificates, "")
                                                + "}",
                                        alpn.isEmpty()
                                                ? Yaml.cluster("app", endpoint.port())
                                                : Yaml.http2Cluster("app", endpoint.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            get(client);

            assertThat(endpoint.nextRecord().downstream())
                    .as("who came")
                    .isEqualTo(client.connection().local());
        }
    }

    @Test
    void a_tunnel_tells_its_client() throws Exception {
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> connection.send(line(connection)));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {connect_matcher: {}}, route: {cluster: app,"
                                                + " upgrade_configs: [{upgrade_type: CONNECT,"
                                                + " connect_config: {}}]}}\n",
                                        told("V1", Yaml.cluster("app", upstream.port()))));
                TunnelClient client = TunnelClient.ask(Over.H1, Wish.CONNECT, proxy.port())) {
            String told = client.readToEnd();
            client.finish();

            assertThat(told).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
            assertThat(told)
                    .as("the client and what it reached")
                    .endsWith(
                            " %d %d"
                                    .formatted(
                                            proxy.nextRecord().downstream().getPort(),
                                            proxy.port()));
        }
    }

    @Test
    void a_copy_tells_the_client_of_the_request() throws Exception {
        Mailbox<String> told = new Mailbox<>("what the shadow is told");
        try (H1Upstream app = H1Upstream.start(request -> H1Answer.ok("app"));
                TcpUpstream shadow = TcpUpstream.start(connection -> told.put(line(connection)));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, route: {cluster: app,"
                                                + " request_mirror_policies: [{cluster:"
                                                + " shadow}]}}\n",
                                        Yaml.cluster("app", app.port()),
                                        told("V1", Yaml.cluster("shadow", shadow.port()))));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            get(client);

            assertThat(told.next()).as("header").isEqualTo(header(client.connection()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_health_check: {path: /}",
                "tcp_health_check: {send: {text: '70'}, receive: [{text: '70'}]}"
            })
    void a_check_of_health_is_nobodys_in_version_2(String question) {
        Mailbox<String> told = new Mailbox<>("what the endpoint is told");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection ->
                                told.put(HexFormat.of().formatHex(connection.read(16))));
                RunningProxy _ = towards(checked("V2", upstream.port(), question))) {
            assertThat(told.next()).as("header").isEqualTo(LOCAL_HEADER);
        }
    }

    @Test
    void a_check_of_health_tells_the_ends_of_its_connection_in_version_1() {
        Mailbox<List<String>> told = new Mailbox<>("what the endpoint is told");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection ->
                                told.put(
                                        List.of(
                                                line(connection),
                                                header(connection.peer(), connection.local()))));
                RunningProxy _ =
                        towards(checked("V1", upstream.port(), "http_health_check: {path: /}"))) {
            List<String> both = told.next();
            assertThat(both.getFirst()).as("header").isEqualTo(both.getLast());
        }
    }

    private static String header(InetSocketAddress from, InetSocketAddress to) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 " + from.getPort() + " " + to.getPort();
    }

    private static String checked(String version, int port, String question) {
        return told(version, Yaml.cluster("app", port))
                + "  health_checks: [{timeout: 20s, interval: 60s, no_traffic_interval: 60s,"
                + " healthy_threshold: 1, unhealthy_threshold: 1, "
                + question
                + "}]\n";
    }
}
