package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.boot.TunnelClient.Over;
import dev.sluice.proxy.boot.TunnelClient.Wish;
import dev.sluice.proxy.boot.TunnelUpstream.Speaks;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tunnels, asked for by Upgrade and by CONNECT, over each protocol on either side. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class TunnelIT {
    private static final String ENDS_HERE = ", connect_config: {}";

    private static Stream<Arguments> tunnels() {
        return Stream.of(Over.values())
                .flatMap(over ->
                        Stream.of(
                                Arguments.of(over, Wish.WEBSOCKET, Speaks.H1),
                                Arguments.of(over, Wish.WEBSOCKET, Speaks.H2),
                                Arguments.of(over, Wish.CONNECT, Speaks.H1),
                                Arguments.of(over, Wish.CONNECT, Speaks.H2),
                                Arguments.of(over, Wish.CONNECT, Speaks.BYTES)));
    }

    private static RunningProxy start(TunnelUpstream upstream, Speaks speaks, String more) {
        return RunningProxy.start(
                1,
                allowing(
                        Yaml.bootstrap(
                                routes(speaks == Speaks.BYTES ? ENDS_HERE : "", more),
                                upstream.cluster("app"))));
    }

    private static String routes(String connect, String more) {
        return """
        - {match: {connect_matcher: {}}, route: {cluster: app, upgrade_configs: [{upgrade_type: CONNECT%s}]%s}}
        - {match: {prefix: /}, route: {cluster: app%s}}
        """
                .formatted(connect, more, more);
    }

    private static String allowing(String bootstrap) {
        return Yaml.withManager(
                "http2_protocol_options: {allow_connect: true}",
                Yaml.withManager("upgrade_configs: [{upgrade_type: websocket}]", bootstrap));
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void bytes_go_both_ways_until_the_client_and_then_the_upstream_has_ended(
            Over over, Wish wish, Speaks speaks) throws Exception {
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                speaks,
                                end -> {
                                    end.send("hi");
                                    end.send(end.read(4));
                                    end.send("got " + end.readToEnd());
                                    end.finish();
                                });
                RunningProxy proxy = start(upstream, speaks, "");
                TunnelClient client = TunnelClient.ask(over, wish, proxy.port())) {
            String banner = client.read(2);
            client.send("ping");
            String echo = client.read(4);
            client.send("last");
            client.finish();
            String rest = client.readToEnd();
            ExchangeRecord record = proxy.nextRecord();

            boolean changed = over == Over.H1 && wish == Wish.WEBSOCKET;
            assertThat(client.status()).as("status").isEqualTo(changed ? 101 : 200);
            assertThat(client.answer().has("content-length")).as("a length").isFalse();
            assertThat(banner).as("what the upstream said first").isEqualTo("hi");
            assertThat(echo).as("echo").isEqualTo("ping");
            assertThat(rest).as("what came after the client's half").isEqualTo("got last");
            assertThat(record.status())
                    .as("status on record")
                    .isEqualTo(wish == Wish.WEBSOCKET ? 101 : 200);
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.bytesReceived()).as("received").isEqualTo(8);
            assertThat(record.bytesSent()).as("sent").isEqualTo(14);
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void the_client_is_still_heard_after_the_upstream_has_ended_its_half(
            Over over, Wish wish, Speaks speaks) throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                speaks,
                                end -> {
                                    end.send("banner");
                                    end.finish();
                                    heard.put(end.readToEnd());
                                });
                RunningProxy proxy = start(upstream, speaks, "");
                TunnelClient client = TunnelClient.ask(over, wish, proxy.port())) {
            assertThat(client.readToEnd()).as("banner").isEqualTo("banner");
            client.send("late");
            client.finish();

            assertThat(heard.take()).as("what came late").isEqualTo("late");
            assertThat(proxy.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void a_client_that_leaves_ends_the_upstream_too(Over over, Wish wish, Speaks speaks)
            throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the upstream heard");
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                speaks,
                                end -> {
                                    end.send("x");
                                    heard.put(ending(end));
                                });
                RunningProxy proxy = start(upstream, speaks, "");
                TunnelClient client = TunnelClient.ask(over, wish, proxy.port())) {
            client.read(1);
            client.leave();

            assertThat(heard.take())
                    .as("how it ended for the upstream")
                    .isEqualTo(speaks == Speaks.H2 ? "reset 8" : "");
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION));
        }
    }

    private static String ending(TunnelUpstream.End end) {
        try {
            return end.readToEnd();
        } catch (IOException reset) {
            return "";
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void an_upstream_that_breaks_off_ends_the_client_too(Over over, Wish wish, Speaks speaks)
            throws Exception {
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                speaks,
                                end -> {
                                    end.send("x");
                                    end.read(1);
                                    end.reset();
                                });
                RunningProxy proxy = start(upstream, speaks, "");
                TunnelClient client = TunnelClient.ask(over, wish, proxy.port())) {
            client.read(1);
            client.send("y");

            assertThat(client.readToEnd())
                    .as("how it ended for the client")
                    .isEqualTo(over == Over.H2 ? "reset 8" : "");
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(
                            Set.of(
                                    speaks == Speaks.H2
                                            ? ResponseFlag.UPSTREAM_REMOTE_RESET
                                            : ResponseFlag.UPSTREAM_CONNECTION_TERMINATION));
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void a_tunnel_in_which_nothing_moves_ends_after_the_idle_time(
            Over over, Wish wish, Speaks speaks) throws Exception {
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                speaks,
                                end -> {
                                    end.send("x");
                                    ending(end);
                                });
                RunningProxy proxy = start(upstream, speaks, ", timeout: 30s, idle_timeout: 0.3s");
                TunnelClient client = TunnelClient.ask(over, wish, proxy.port())) {
            client.readToEnd();

            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.STREAM_IDLE_TIMEOUT));
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void a_long_transfer_arrives_whole_at_a_reader_that_is_slower(Over over) throws Exception {
        String block = "0123456789abcdef".repeat(4096);
        int blocks = 128;
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                Speaks.BYTES,
                                end -> {
                                    for (int i = 0; i < blocks; i++) {
                                        end.send(block);
                                    }
                                    end.finish();
                                    end.readToEnd();
                                });
                RunningProxy proxy = start(upstream, Speaks.BYTES, "");
                TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
            for (int i = 0; i < blocks; i++) {
                assertThat(client.read(block.length()).equals(block))
                        .as("block %d is whole", i)
                        .isTrue();
            }
            client.finish();

            assertThat(client.readToEnd()).as("behind the last block").isEmpty();
            assertThat(proxy.nextRecord().bytesSent())
                    .as("bytes on record")
                    .isEqualTo((long) blocks * block.length());
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void an_upstream_of_http2_is_asked_by_extended_connect(Over over) throws Exception {
        try (TunnelUpstream upstream =
                        TunnelUpstream.start(
                                Speaks.H2,
                                end -> {
                                    end.readToEnd();
                                    end.finish();
                                });
                RunningProxy proxy = start(upstream, Speaks.H2, "");
                TunnelClient client = TunnelClient.ask(over, Wish.WEBSOCKET, proxy.port())) {
            client.finish();
            client.readToEnd();

            assertThat(upstream.nextHead())
                    .as("what the upstream was asked")
                    .contains(
                            ":method: CONNECT",
                            ":protocol: websocket",
                            ":scheme: http",
                            ":path: /chat",
                            ":authority: a.test",
                            "sec-websocket-key: ")
                    .doesNotContain("upgrade", "connection", "transfer-encoding");
            assertThat(client.answer().first("sec-websocket-accept").orElse("none"))
                    .as("the proof that the key was read")
                    .isEqualTo(over == Over.H1 ? "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" : "none");
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void connect_goes_on_to_an_upstream_that_is_a_proxy_itself(Over over) throws Exception {
        for (Speaks speaks : List.of(Speaks.H1, Speaks.H2)) {
            try (TunnelUpstream upstream =
                            TunnelUpstream.start(speaks, TunnelUpstream.End::readToEnd);
                    RunningProxy proxy = start(upstream, speaks, "");
                    TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
                assertThat(upstream.nextHead())
                        .as("what the upstream was asked over " + speaks)
                        .contains(
                                speaks == Speaks.H1
                                        ? "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n"
                                        : ":authority: a.test:443")
                        .doesNotContain(":path", ":scheme", ":protocol", "upgrade");
                assertThat(client.status()).as("status").isEqualTo(200);
                client.leave();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void an_upstream_of_http2_that_takes_no_changes_is_502(Over over) throws Exception {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("no"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                allowing(
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.http2Cluster("app", upstream.port())
                                                        .replace(
                                                                "http2_protocol_options: {}",
                                                                "http2_protocol_options:"
                                                                        + " {allow_connect: true}"))));
                TunnelClient client = TunnelClient.ask(over, Wish.WEBSOCKET, proxy.port())) {
            assertThat(client.status()).as("status").isEqualTo(502);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
            assertThat(upstream.received()).as("requests at the upstream").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void an_upstream_that_refuses_a_tunnel_gets_the_head_alone(Over over) throws Exception {
        Mailbox<String> more = new Mailbox<>("what came behind the head");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.read("CONNECT a.test:443".length());
                            connection.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
                            more.put(
                                    new String(
                                            connection.readToEnd(), StandardCharsets.ISO_8859_1));
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                allowing(
                                        Yaml.bootstrap(
                                                routes("", ""),
                                                Yaml.cluster("app", upstream.port()))));
                TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
            assertThat(client.status()).as("status").isEqualTo(403);
            assertThat(more.take())
                    .as("the rest of what the upstream got")
                    .endsWith("\r\n\r\n")
                    .doesNotContain("transfer-encoding");
            assertThat(proxy.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @Test
    void an_upstream_that_changes_the_protocol_of_a_connect_breaks_it() throws Exception {
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.read("CONNECT a.test:443".length());
                            connection.send(
                                    """
                                    HTTP/1.1 101 Switching Protocols\r
                                    upgrade: connect\r
                                    connection: upgrade\r
                                    \r
                                    """);
                            connection.readToEnd();
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                allowing(
                                        Yaml.bootstrap(
                                                routes("", ""),
                                                Yaml.cluster("app", upstream.port()))));
                TunnelClient client = TunnelClient.ask(Over.H1, Wish.CONNECT, proxy.port())) {
            assertThat(client.status()).as("status").isEqualTo(502);
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void connect_needs_a_route_of_its_own_and_a_listener_or_route_that_allows_it(Over over)
            throws Exception {
        String denied = "- {match: {connect_matcher: {}}, route: {cluster: app}}\n";
        String allowed = "upgrade_configs: [{upgrade_type: CONNECT}]";
        try (TcpUpstream upstream = TcpUpstream.start(connection -> {})) {
            String cluster = Yaml.cluster("app", upstream.port());
            try (RunningProxy proxy =
                            RunningProxy.start(1, allowing(Yaml.bootstrap(denied, cluster)));
                    TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
                assertThat(client.status()).as("not allowed").isEqualTo(403);
            }
            try (RunningProxy proxy =
                            RunningProxy.start(
                                    1,
                                    Yaml.withManager(
                                            "http2_protocol_options: {allow_connect: true}",
                                            Yaml.withManager(
                                                    allowed,
                                                    Yaml.bootstrap(
                                                            Yaml.routeTo("app"), cluster))));
                    TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
                assertThat(client.status()).as("no route").isEqualTo(404);
            }
            assertThat(upstream.connections()).as("connections of the upstream").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Over.class)
    void a_tunnel_to_where_nobody_listens_is_503(Over over) throws Exception {
        int port;
        try (TcpUpstream gone = TcpUpstream.start(connection -> {})) {
            port = gone.port();
        }
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                allowing(
                                        Yaml.bootstrap(
                                                routes(ENDS_HERE, ""),
                                                Yaml.cluster("app", port))));
                TunnelClient client = TunnelClient.ask(over, Wish.CONNECT, proxy.port())) {
            assertThat(client.status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_CONNECTION_FAILURE));
        }
    }

    @Test
    void a_connect_that_is_malformed_or_disguised_is_refused() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(connection -> {});
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                allowing(
                                        Yaml.bootstrap(
                                                routes(ENDS_HERE, ""),
                                                Yaml.cluster("app", upstream.port()))))) {
            String host = "host: a\r\n";
            assertThat(statusOf(proxy, "CONNECT a HTTP/1.1\r\n" + host))
                    .as("no port")
                    .isEqualTo(400);
            assertThat(statusOf(proxy, "CONNECT a:0 HTTP/1.1\r\n" + host))
                    .as("port 0")
                    .isEqualTo(400);
            assertThat(statusOf(proxy, "CONNECT /a:1 HTTP/1.1\r\n" + host))
                    .as("a path")
                    .isEqualTo(400);
            assertThat(statusOf(proxy, "CONNECT a:1 HTTP/1.1\r\n" + host + "content-length: 1\r\n"))
                    .as("a body")
                    .isEqualTo(400);
            assertThat(
                            statusOf(
                                    proxy,
                                    "GET / HTTP/1.1\r\n"
                                            + host
                                            + "connection: upgrade\r\nupgrade: CONNECT\r\n"))
                    .as("an upgrade of that name")
                    .isEqualTo(403);
            assertThat(upstream.connections()).as("connections of the upstream").isZero();
        }
    }

    private static int statusOf(RunningProxy proxy, String head) throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(head + "\r\n");
            return client.readHead().status();
        }
    }
}
