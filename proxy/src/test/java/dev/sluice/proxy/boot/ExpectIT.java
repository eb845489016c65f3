package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that wait with their bodies until they are told to go on. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ExpectIT {
    private static final String HEAD =
            "PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 4\r\nExpect: 100-Continue\r\n\r\n";

    private static RunningProxy proxy(String cluster, String setting) {
        return RunningProxy.start(
                1, Yaml.withManager(setting, Yaml.bootstrap(Yaml.routeTo("app"), cluster)));
    }

    private static RunningProxy telling(String cluster) {
        return proxy(cluster, "server_name: ''");
    }

    private static RunningProxy passing(String cluster) {
        return proxy(cluster, "proxy_100_continue: true");
    }

    private static Headers expecting() {
        return Headers.of(
                ":method",
                "PUT",
                ":scheme",
                "http",
                ":authority",
                "h",
                ":path",
                "/",
                "expect",
                "100-continue");
    }

    @Test
    void the_proxy_itself_tells_a_client_to_go_on_and_the_upstream_is_not_asked() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("done"));
                RunningProxy proxy = telling(Yaml.cluster("app", upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(HEAD);
            int interim = client.readAnyHead().status();
            client.send("body");
            H1Response answer = client.readResponse();
            H1Request seen = upstream.next();

            assertThat(interim).as("what the client waits for").isEqualTo(100);
            assertThat(answer.body().text()).isEqualTo("done");
            assertThat(seen.body().text()).as("body upstream").isEqualTo("body");
            assertThat(seen.headers().has("expect")).as("expectation upstream").isFalse();
        }
    }

    @Test
    void a_client_of_http2_is_told_to_go_on_too() {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.status(204));
                RunningProxy proxy = telling(Yaml.http2Cluster("app", upstream.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open();
            stream.send(expecting());
            Headers interim = stream.readHead();
            stream.sendLastData("body".getBytes(StandardCharsets.US_ASCII));
            H2Message answer = stream.readMessage();

            assertThat(interim.first(":status")).as("what the client waits for").hasValue("100");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(upstream.received().getFirst().body().text()).isEqualTo("body");
            assertThat(upstream.received().getFirst().head().has("expect")).isFalse();
        }
    }

    @Test
    void a_100_of_the_upstream_that_was_not_asked_for_one_is_dropped() throws Exception {
        try (H1Upstream upstream =
                        H1Upstream.startAtHead(request ->
                                exchange -> {
                                    exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
                                    exchange.send("HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n");
                                    exchange.readBody();
                                    H1Answer.ok("done").play(exchange);
                                });
                RunningProxy proxy = telling(Yaml.cluster("app", upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(HEAD + "body");
            H1Response answer = client.readResponse();

            assertThat(answer.interim())
                    .extracting(H1Response::status)
                    .as("one 100, of the proxy, and all others")
                    .containsExactly(100, 103);
        }
    }

    @Test
    void the_upstream_is_asked_where_the_listener_says_so() throws Exception {
        try (H1Upstream upstream =
                        H1Upstream.startAtHead(request ->
                                exchange -> {
                                    exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
                                    exchange.readBody();
                                    H1Answer.ok("done").play(exchange);
                                });
                RunningProxy proxy = passing(Yaml.cluster("app", upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(HEAD);
            int interim = client.readAnyHead().status();
            client.send("body");
            H1Response answer = client.readResponse();

            assertThat(interim).as("what the upstream said").isEqualTo(100);
            assertThat(upstream.next().headers().first("expect")).isPresent();
            assertThat(answer.body().text()).isEqualTo("done");
            assertThat(answer.interim()).as("other interim answers").isEmpty();
        }
    }

    @Test
    void a_final_answer_may_come_in_place_of_the_100() throws Exception {
        try (H1Upstream upstream = H1Upstream.startAtHead(ExpectIT::tooLarge);
                RunningProxy proxy = passing(Yaml.cluster("app", upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(HEAD);
            H1Response answer = client.readResponse();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.interim()).as("interim answers").isEmpty();
            assertThat(client.readToClose().size()).as("bytes after the answer").isZero();
        }
    }

    private static H1Answer tooLarge(H1Request request) {
        return new H1Answer() {
            @Override
            public void play(H1Exchange exchange) throws IOException {
                exchange.send("HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n");
                exchange.close();
            }
        };
    }
}
