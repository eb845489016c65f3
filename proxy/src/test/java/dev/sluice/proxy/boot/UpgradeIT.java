package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpScript;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that change the protocol of their connection, such as to WebSocket. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class UpgradeIT {
    private static final String ASK =
            head(
                    "GET /chat HTTP/1.1",
                    "host: a",
                    "connection: keep-alive, Upgrade",
                    "upgrade: WebSocket",
                    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==");
    private static final String AGREE =
            head(
                    "HTTP/1.1 101 Switching Protocols",
                    "upgrade: websocket",
                    "connection: Upgrade",
                    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    private static final String LISTENED = "upgrade_configs: [{upgrade_type: websocket}]";
    private static final int BLOCK = 64 * 1024;

    @TempDir private Path folder;

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String bootstrap(int port) {
        return Yaml.withManager(
                LISTENED, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", port)));
    }

    private static RunningProxy start(int loops, TcpUpstream upstream) {
        return RunningProxy.start(loops, bootstrap(upstream.port()));
    }

    /** Reads up to the empty line, and not a byte more. */
    private static String head(TcpConnection connection) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = connection.in().read();
            if (next < 0) {
                throw new IOException("the peer ended within its head '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Agrees, then does what the script says. */
    private static TcpUpstream agreeing(TcpScript script) {
        return TcpUpstream.start(connection -> {
            head(connection);
            connection.send(AGREE);
            script.serve(connection);
        });
    }

    private static RawHttp1Client upgraded(RunningProxy proxy) throws IOException {
        RawHttp1Client client = RawHttp1Client.connect(proxy.port());
        client.send(ASK);
        assertThat(client.readHead().status()).as("status").isEqualTo(101);
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void bytes_go_both_ways_once_the_upstream_has_agreed(int loops) throws Exception {
        Mailbox<String> heads = new Mailbox<>("heads");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            heads.put(head(connection));
                            connection.send(AGREE + "hello");
                            connection.send(connection.read(4));
                            connection.send("got " + text(connection.readToEnd()));
                        });
                RunningProxy proxy = start(loops, upstream);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(ASK);
            H1Response agreed = client.readHead();
            String banner = text(client.read(5));
            client.send("ping");
            String echo = text(client.read(4));
            client.send("last");
            client.connection().finish();
            String rest = client.readToClose().text();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(heads.take())
                    .as("what the upstream was asked")
                    .startsWith("GET /chat HTTP/1.1\r\n")
                    .contains("\r\nupgrade: WebSocket\r\nconnection: upgrade\r\n")
                    .contains("\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                    .doesNotContain("transfer-encoding", "content-length");
            assertThat(agreed.status()).as("status").isEqualTo(101);
            assertThat(agreed.headers().first("upgrade")).as("upgrade").hasValue("websocket");
            assertThat(agreed.headers().first("connection")).as("connection").hasValue("upgrade");
            assertThat(agreed.headers().first("sec-websocket-accept"))
                    .as("the field of the upstream")
                    .hasValue("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(banner).as("what came with the head").isEqualTo("hello");
            assertThat(echo).as("echo").isEqualTo("ping");
            assertThat(rest).as("what came after the client's half").isEqualTo("got last");
            assertThat(record.status()).as("status on record").isEqualTo(101);
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.bytesReceived()).as("received").isEqualTo(8);
            assertThat(record.bytesSent()).as("sent").isEqualTo(17);
        }
    }

    @Test
    void the_client_is_still_heard_after_the_upstream_has_ended_its_half() throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.send("banner");
                            connection.finish();
                            heard.put(text(connection.readToEnd()));
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = upgraded(proxy)) {
            assertThat(client.readToClose().text()).as("banner").isEqualTo("banner");
            client.send("late");
            client.connection().finish();

            assertThat(heard.take()).as("what came late").isEqualTo("late");
            assertThat(proxy.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @Test
    void a_client_that_ends_its_half_and_reads_late_receives_every_byte() throws Exception {
        int blocks = 1024;
        CountDownLatch pouring = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.readToEnd();
                            for (int i = 0; i < blocks; i++) {
                                connection.send(block(i));
                                pouring.countDown();
                            }
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port(), 16 * 1024)) {
            client.send(ASK);
            assertThat(client.readHead().status()).as("status").isEqualTo(101);
            client.connection().finish();
            client.connection().await(pouring);
            InputStream in = client.connection().in();

            for (int i = 0; i < blocks; i++) {
                assertThat(Arrays.equals(in.readNBytes(BLOCK), block(i)))
                        .as("block %d is whole", i)
                        .isTrue();
            }
            assertThat(in.read()).as("behind the last block").isEqualTo(-1);
            assertThat(proxy.nextRecord().bytesSent())
                    .as("bytes on record")
                    .isEqualTo((long) blocks * BLOCK);
        }
    }

    private static byte[] block(int number) {
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (byte) (number * 31 + i);
        }
        return block;
    }

    @Test
    void what_nobody_allows_is_403_and_reaches_no_upstream() throws Exception {
        try (TcpUpstream upstream = agreeing(connection -> {});
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", upstream.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(ASK + "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n");
            H1Response answer = client.readResponse();

            assertThat(answer.status()).as("status").isEqualTo(403);
            assertThat(client.readToClose().size()).as("bytes behind the answer").isZero();
            assertThat(proxy.nextRecord().details()).as("details").startsWith("upgrade_denied");
            assertThat(upstream.connections()).as("connections of the upstream").isZero();
        }
    }

    @Test
    void a_route_says_more_than_its_listener() throws Exception {
        String routes =
                """
                - {match: {path: /off}, route: {cluster: app, upgrade_configs: [{upgrade_type: WebSocket, enabled: false}]}}
                - {match: {path: /on}, route: {cluster: app, upgrade_configs: [{upgrade_type: other}]}}
                """;
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            head(connection);
                            connection.send(AGREE.replace("websocket", "OTHER"));
                            connection.readToEnd();
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        LISTENED,
                                        Yaml.bootstrap(
                                                routes, Yaml.cluster("app", upstream.port()))))) {
            assertThat(statusOf(proxy, ASK.replace("/chat", "/off"))).as("off").isEqualTo(403);
            assertThat(statusOf(proxy, ASK.replace("/chat", "/on").replace("WebSocket", "other")))
                    .as("on")
                    .isEqualTo(101);
            assertThat(statusOf(proxy, ASK)).as("no route").isEqualTo(404);
        }
    }

    private static int statusOf(RunningProxy proxy, String request) throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(request);
            return client.readHead().status();
        }
    }

    @Test
    void an_upstream_that_does_not_agree_gets_the_head_alone() throws Exception {
        Mailbox<String> more = new Mailbox<>("what came behind the head");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            head(connection);
                            connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno");
                            more.put(text(connection.readToEnd()));
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(ASK + "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n");
            H1Response answer = client.readResponse();

            assertThat(answer.status()).as("status").isEqualTo(200);
            assertThat(answer.body().text()).as("body").isEqualTo("no");
            assertThat(client.readToClose().size()).as("bytes behind the answer").isZero();
            assertThat(more.take()).as("what the upstream got behind the head").isEmpty();
        }
    }

    @Test
    void what_the_client_sends_ahead_follows_when_the_upstream_has_agreed() throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TcpUpstream upstream =
                        agreeing(connection -> heard.put(text(connection.readToEnd())));
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(ASK + "ahead");
            client.connection().finish();

            assertThat(client.readHead().status()).as("status").isEqualTo(101);
            assertThat(heard.take()).as("what the upstream heard").isEqualTo("ahead");
        }
    }

    @Test
    void a_wish_for_http2_or_with_a_body_is_passed_over() throws Exception {
        String h2c =
                head(
                        "GET / HTTP/1.1",
                        "host: a",
                        "connection: Upgrade, HTTP2-Settings",
                        "upgrade: h2c",
                        "http2-settings: AAMAAABkAAQAAP__");
        String posted =
                head(
                        "POST / HTTP/1.1",
                        "host: a",
                        "connection: upgrade",
                        "upgrade: websocket",
                        "content-length: 2");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.status(204));
                RunningProxy proxy = RunningProxy.start(1, bootstrap(upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(h2c);
            assertThat(client.readResponse().status()).as("h2c").isEqualTo(204);
            client.send(posted + "hi");
            assertThat(client.readResponse().status()).as("with a body").isEqualTo(204);

            assertThat(upstream.next().headers().first("upgrade")).as("h2c").isEmpty();
            assertThat(upstream.next().body().text()).as("body").isEqualTo("hi");
        }
    }

    @Test
    void a_tunnel_keeps_its_connection_from_other_requests() throws Exception {
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            String answer =
                                    head(connection).contains("upgrade:")
                                            ? AGREE
                                            : "HTTP/1.1 204 No Content\r\n\r\n";
                            connection.send(answer);
                            connection.readToEnd();
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client first = upgraded(proxy);
                RawHttp1Client second = RawHttp1Client.connect(proxy.port())) {
            second.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

            assertThat(second.readResponse().status()).as("beside the tunnel").isEqualTo(204);
            assertThat(upstream.connections()).as("connections").isEqualTo(2);
            assertThat(first.connection().isClosed()).as("the tunnel is closed").isFalse();
        }
    }

    @Test
    void a_tunnel_goes_through_tls() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.send("banner");
                            heard.put(text(connection.readToEnd()));
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                TlsYaml.secured(
                                        bootstrap(upstream.port()),
                                        TlsYaml.showing(
                                                certificates.issue("server", "localhost"), "")));
                TlsClient tls = TlsClient.of(certificates, Optional.empty())) {
            try (SSLSocket client = tls.connect(proxy.port(), "localhost")) {
                client.getOutputStream().write(ASK.getBytes(StandardCharsets.ISO_8859_1));
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("\r\n\r\nbanner") < 0) {
                    int next = client.getInputStream().read();
                    assertThat(next).as("next byte after '%s'", answer).isNotNegative();
                    answer.append((char) next);
                }
                client.getOutputStream().write("hello".getBytes(StandardCharsets.ISO_8859_1));
            }

            assertThat(heard.take()).as("what the upstream heard").isEqualTo("hello");
            assertThat(proxy.nextRecord().status()).as("status").isEqualTo(101);
        }
    }

    @Test
    void for_evidence_the_agreement_is_the_answer() throws Exception {
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.readToEnd();
                            connection.reset();
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        LISTENED,
                                        Yaml.bootstrap(
                                                Yaml.gatedRoute(1_000_000, "STREAM", ""),
                                                Yaml.cluster("old", TcpUpstream.refusedPort()),
                                                Yaml.cluster("new", upstream.port()))));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(ASK.replace("host: a", "host: a\r\nx-user: u"));
            assertThat(client.readHead().status()).as("status").isEqualTo(101);
            client.connection().finish();
            client.readToClose();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(record.gate().orElseThrow().result())
                    .as("result of the arm")
                    .isEqualTo(ExchangeRecord.Result.SUCCESS);
            assertThat(record.answerNanos())
                    .as("latency of the arm")
                    .isEqualTo(record.times().upstreamHead());
            assertThat(record.flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void a_client_that_resets_ends_the_upstream_too() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            try {
                                connection.readToEnd();
                            } finally {
                                ended.countDown();
                            }
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = upgraded(proxy)) {
            client.connection().reset();

            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION));
            client.connection().await(ended);
        }
    }

    @Test
    void an_upstream_that_resets_ends_the_client_too() throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.await(reset);
                            connection.reset();
                        });
                RunningProxy proxy = start(1, upstream);
                RawHttp1Client client = upgraded(proxy)) {
            reset.countDown();

            assertThat(client.readToClose().size()).as("bytes").isZero();
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION));
        }
    }

    @Test
    void a_tunnel_in_which_nothing_moves_ends_but_the_time_of_the_route_is_for_the_agreement()
            throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        String route =
                "- {match: {prefix: /}, route: {cluster: app, timeout: 30s, idle_timeout: 2s}}\n";
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.readToEnd();
                            ended.countDown();
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        LISTENED,
                                        Yaml.bootstrap(
                                                route, Yaml.cluster("app", upstream.port()))));
                RawHttp1Client client = upgraded(proxy)) {
            assertThat(client.readToClose().size()).as("bytes").isZero();
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.STREAM_IDLE_TIMEOUT));
            client.connection().await(ended);
        }
    }

    @Test
    void no_agreement_within_the_time_of_the_route_is_504() throws Exception {
        String route = "- {match: {prefix: /}, route: {cluster: app, timeout: 0.2s}}\n";
        try (TcpUpstream upstream = TcpUpstream.start(TcpConnection::readToEnd);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        LISTENED,
                                        Yaml.bootstrap(
                                                route, Yaml.cluster("app", upstream.port()))))) {
            assertThat(statusOf(proxy, ASK)).as("status").isEqualTo(504);
        }
    }

    @Test
    void a_drain_ends_tunnels_at_its_deadline() throws Exception {
        try (TcpUpstream upstream = agreeing(TcpConnection::readToEnd);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        "drain_timeout: 0.2s", bootstrap(upstream.port())));
                RawHttp1Client client = upgraded(proxy)) {
            proxy.swap(2, "static_resources: {}");

            assertThat(client.readToClose().size()).as("bytes").isZero();
            assertThat(proxy.nextRecord().details()).as("details").contains("closed here");
        }
    }

    @Test
    void an_upstream_of_http2_is_no_way_to_another_protocol() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(TcpConnection::readToEnd);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        LISTENED,
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.http2Cluster("app", upstream.port()))))) {
            assertThat(statusOf(proxy, ASK)).as("status").isEqualTo(502);
        }
    }
}
