package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What bounds clients' connections: requests, time, pings, cheap frames, windows never opened. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ClientConnectionIT {
    private static final String DIRECT =
            "- {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: ok}}}\n";
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String EMPTY_SETTINGS = "000000040000000000";

    private static RunningProxy direct(String setting) {
        return RunningProxy.start(1, Yaml.withManager(setting, Yaml.bootstrap(DIRECT)));
    }

    private static RunningProxy leaving(String setting) {
        return RunningProxy.start(
                1,
                Yaml.withManager(
                        "drain_timeout: 0.05s", Yaml.withManager(setting, Yaml.bootstrap(DIRECT))));
    }

    /** A client of HTTP/2 that does nothing by itself. */
    private static TcpConnection mute(RunningProxy proxy, String... frames) throws IOException {
        TcpConnection client =
                TcpConnection.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
        client.send(PREFACE);
        client.send(HexFormat.of().parseHex(EMPTY_SETTINGS + String.join("", frames)));
        return client;
    }

    @Test
    void a_connection_carries_no_more_requests_than_it_may() throws Exception {
        try (RunningProxy proxy =
                        direct("common_http_protocol_options: {max_requests_per_connection: 2}");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            Headers first = client.exchange("GET", "/", Headers.NONE, Body.EMPTY).headers();
            Headers second = client.exchange("GET", "/", Headers.NONE, Body.EMPTY).headers();

            assertThat(first.has("connection")).as("asked to leave at once").isFalse();
            assertThat(second.first("connection")).as("asked to leave").hasValue("close");
            assertThat(client.readToClose().size()).as("bytes after the last answer").isZero();
            assertThat(proxy.nextWorn()).as("what had enough").isEqualTo("client requests");
        }
    }

    @Test
    void a_connection_of_http2_is_asked_to_leave_after_its_last_request() throws Exception {
        String request = "0000060105000000018286844101" + "68";
        try (RunningProxy proxy =
                        leaving("common_http_protocol_options: {max_requests_per_connection: 1}");
                TcpConnection client = mute(proxy, request)) {
            String all = HexFormat.of().formatHex(client.readToEnd());

            assertThat(proxy.nextRecord().status()).as("status of the one request").isEqualTo(200);
            assertThat(all).as("frames, GOAWAY among them").contains("00000807000000000");
            assertThat(proxy.nextWorn()).as("what had enough").isEqualTo("client requests");
        }
    }

    @Test
    void a_connection_lives_no_longer_than_it_may() throws Exception {
        try (RunningProxy proxy =
                        leaving("common_http_protocol_options: {max_connection_duration: 0.05s}");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");

            assertThat(client.readToClose().text()).as("one answer").contains("200 OK");
            assertThat(proxy.nextRecord().status()).isEqualTo(200);
            assertThat(proxy.nextWorn()).as("what had enough").isEqualTo("client duration");
        }
    }

    @Test
    void a_client_that_does_not_answer_pings_is_gone() throws Exception {
        try (RunningProxy proxy =
                        direct(
                                "http2_protocol_options: {connection_keepalive:"
                                        + " {interval: 0.02s, timeout: 0.02s}}");
                TcpConnection client = mute(proxy)) {
            String all = HexFormat.of().formatHex(client.readToEnd());

            assertThat(all).as("frames, PING among them").contains("000008060000000000736c7569");
        }
    }

    @Test
    void a_client_that_answers_pings_stays() throws Exception {
        try (RunningProxy proxy =
                        direct(
                                "http2_protocol_options: {connection_keepalive:"
                                        + " {interval: 0.01s, timeout: 20s}}");
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").status()).as("answer %d", i).isEqualTo(200);
            }
        }
    }

    @Test
    void cheap_frames_beyond_their_bound_end_the_connection_and_are_counted() throws Exception {
        String priority = "0000050200000000030000000010";
        try (RunningProxy proxy =
                        direct(
                                "http2_protocol_options:"
                                        + " {max_inbound_priority_frames_per_stream: 2}");
                TcpConnection client = mute(proxy, priority, priority, priority)) {
            assertThat(proxy.nextFlood()).isEqualTo(Flood.PRIORITY);
            client.readToEnd();
        }
    }

    @Test
    void empty_data_is_counted_as_such() throws Exception {
        String head = "0000060104000000018286844101" + "68";
        String empty = "000000000000000001";
        try (RunningProxy proxy = direct("server_name: ''");
                TcpConnection client = mute(proxy, head, empty, empty, empty)) {
            assertThat(proxy.nextFlood()).isEqualTo(Flood.EMPTY_DATA);
            client.readToEnd();
        }
    }

    @Test
    void an_answer_that_its_client_never_takes_is_given_up() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("never taken"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        "stream_idle_timeout: 0.2s",
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.cluster("app", upstream.port()))));
                H2Client client =
                        H2Client.connect(proxy.port(), H2Settings.STANDARD.withInitialWindow(0))) {
            assertThat(client.get("/").end()).isInstanceOf(H2Message.End.Reset.class);
            proxy.nextRecord();
        }
    }

    @Test
    void an_answer_of_the_proxy_that_its_client_never_takes_is_given_up_too() {
        try (RunningProxy proxy = direct("stream_idle_timeout: 0.2s");
                H2Client client =
                        H2Client.connect(proxy.port(), H2Settings.STANDARD.withInitialWindow(0))) {
            assertThat(client.get("/").end()).isInstanceOf(H2Message.End.Reset.class);
        }
    }

    @Test
    void a_large_answer_that_its_client_never_takes_waits_upstream_and_is_given_up() {
        String large = "0123456789abcdef".repeat(1024 * 1024);
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok(large));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        "stream_idle_timeout: 0.2s",
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.cluster("app", upstream.port()))));
                H2Client client =
                        H2Client.connect(proxy.port(), H2Settings.STANDARD.withInitialWindow(0))) {
            H2Message answer = client.get("/");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.end()).isInstanceOf(H2Message.End.Reset.class);
            assertThat(record.bytesSent()).as("bytes held of 16 MiB").isLessThan(1024 * 1024);
        }
    }
}
