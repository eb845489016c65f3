package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpScript;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that change the protocol of a stream (RFC 8441). */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ExtendedConnectIT {
    private static final String AGREE =
            String.join(
                    "\r\n",
                    "HTTP/1.1 101 Switching Protocols",
                    "upgrade: websocket",
                    "connection: Upgrade",
                    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "sec-websocket-protocol: chat",
                    "",
                    "");

    private static TcpUpstream agreeing(Mailbox<String> heads, TcpScript script) {
        return TcpUpstream.start(connection -> {
            heads.put(head(connection));
            connection.send(AGREE);
            script.serve(connection);
        });
    }

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

    private static RunningProxy start(int loops, String protocol, TcpUpstream upstream) {
        return RunningProxy.start(
                loops,
                Yaml.withManager(
                        "http2_protocol_options: {allow_connect: true}",
                        Yaml.withManager(
                                "upgrade_configs: [{upgrade_type: " + protocol + "}]",
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", upstream.port())))));
    }

    private static Headers ask(String method) {
        return Headers.of(
                ":method",
                method,
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":authority",
                "sluice.test",
                ":path",
                "/chat",
                "sec-websocket-version",
                "13");
    }

    private static H2Stream opened(H2Client client) {
        H2Stream stream = client.open();
        stream.send(ask("CONNECT"));
        return stream;
    }

    /**
     * Reads DATA until this text, or more, has come; says whether the last frame ended the half.
     */
    private static boolean endsWith(H2Stream stream, String expected) {
        StringBuilder text = new StringBuilder();
        boolean ended = false;
        while (text.length() < expected.length() || (!ended && expected.isEmpty())) {
            H2Event.Data data = (H2Event.Data) stream.nextEvent();
            text.append(data.body().text());
            ended = data.last();
        }
        assertThat(text).as("DATA").hasToString(expected);
        return ended;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void a_websocket_over_http2_is_one_over_http1_for_the_upstream(int loops) throws Exception {
        Mailbox<String> heads = new Mailbox<>("heads");
        try (TcpUpstream upstream =
                        agreeing(
                                heads,
                                connection -> {
                                    connection.send(connection.read(4));
                                    connection.readToEnd();
                                    connection.send("bye");
                                });
                RunningProxy proxy = start(loops, "websocket", upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = opened(client);
            Headers agreed = stream.readHead();
            stream.sendData(bytes("ping"));
            boolean endedEarly = endsWith(stream, "ping");
            stream.sendLastData(bytes("last"));
            boolean ended = endsWith(stream, "bye") || endsWith(stream, "");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(heads.take())
                    .as("what the upstream was asked")
                    .startsWith("GET /chat HTTP/1.1\r\n")
                    .contains("\r\nupgrade: websocket\r\nconnection: upgrade\r\n")
                    .containsPattern("\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n");
            assertThat(agreed.first(":status")).as("status").hasValue("200");
            assertThat(agreed.first("upgrade")).as("upgrade").isEmpty();
            assertThat(agreed.first("sec-websocket-accept")).as("accept").isEmpty();
            assertThat(agreed.first("sec-websocket-protocol")).as("protocol").hasValue("chat");
            assertThat(endedEarly).as("ended with the echo").isFalse();
            assertThat(ended).as("ended with the last word").isTrue();
            assertThat(record.status()).as("status on record").isEqualTo(101);
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.bytesReceived()).as("received").isEqualTo(8);
            assertThat(record.bytesSent()).as("sent").isEqualTo(7);
        }
    }

    @Test
    void the_client_is_still_heard_after_the_upstream_has_ended_its_half() throws Exception {
        Mailbox<String> heads = new Mailbox<>("heads");
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TcpUpstream upstream =
                        agreeing(
                                heads,
                                connection -> {
                                    connection.finish();
                                    heard.put(
                                            new String(
                                                    connection.readToEnd(),
                                                    StandardCharsets.ISO_8859_1));
                                });
                RunningProxy proxy = start(1, "websocket", upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = opened(client);
            stream.readHead();
            assertThat(endsWith(stream, "")).as("the upstream's half has ended").isTrue();
            stream.sendLastData(bytes("late"));

            assertThat(heard.take()).as("what came late").isEqualTo("late");
            assertThat(proxy.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @Test
    void a_client_that_resets_its_stream_ends_the_upstream_too() throws Exception {
        Mailbox<String> heads = new Mailbox<>("heads");
        CountDownLatch ended = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        agreeing(
                                heads,
                                connection -> {
                                    connection.readToEnd();
                                    ended.countDown();
                                });
                RunningProxy proxy = start(1, "websocket", upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = opened(client);
            stream.readHead();
            stream.reset(Http2Error.CANCEL);

            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
            stream.await(ended);
        }
    }

    @Test
    void what_nobody_allows_is_403_and_a_protocol_without_connect_is_malformed() throws Exception {
        Mailbox<String> heads = new Mailbox<>("heads");
        try (TcpUpstream upstream = agreeing(heads, connection -> {});
                RunningProxy proxy = start(1, "other", upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(opened(client).readHead().first(":status")).as("status").hasValue("403");
            H2Stream get = client.open();
            get.send(ask("GET"));
            assertThat(get.nextEvent())
                    .as("what becomes of a GET with a protocol")
                    .isInstanceOf(H2Event.Reset.class);
            assertThat(upstream.connections()).as("connections of the upstream").isZero();
        }
    }

    @Test
    void a_listener_that_does_not_take_them_answers_501() throws Exception {
        String direct = "- {match: {prefix: /}, direct_response: {status: 200}}\n";
        try (RunningProxy proxy = RunningProxy.start(1, Yaml.bootstrap(direct));
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(opened(client).readHead().first(":status")).as("status").hasValue("501");
        }
    }
}
