package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes sent before a reset arrive before it, where the peer takes them, and never behind it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ResetOrderIT {
    private static final String DATA = "0123456789abcdef".repeat(2_048);
    private static final int SMALL_WINDOW = 1_024;

    /** Sends data and a reset at once. */
    private static final H2Answer BROKEN =
            stream -> {
                stream.send(Headers.of(":status", "200"));
                var unused = stream.startData(Body.of(DATA).bytes());
                stream.reset(Http2Error.INTERNAL_ERROR);
            };

    private static RunningProxy start(H2Upstream upstream) {
        return RunningProxy.start(
                1, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.http2Cluster("app", upstream.port())));
    }

    private static H2Upstream breaking() {
        return H2Upstream.start(
                request -> request.path().equals("/after") ? H2Answer.ok("after") : BROKEN);
    }

    @Test
    void a_client_of_http2_gets_what_the_upstream_sent_before_its_reset() {
        try (H2Upstream upstream = breaking();
                RunningProxy proxy = start(upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Message answer = client.get("/");

            assertThat(answer.body().text().equals(DATA)).as("all of the data").isTrue();
            assertThat(answer.end()).as("end").isInstanceOf(H2Message.End.Reset.class);
        }
    }

    @Test
    void a_client_of_http1_gets_what_the_upstream_sent_before_its_reset() throws Exception {
        try (H2Upstream upstream = breaking();
                RunningProxy proxy = start(upstream);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(client.readHead().status()).as("status").isEqualTo(200);
            StringBuilder chunks = new StringBuilder();
            while (chunks.length() < DATA.length()) {
                chunks.append(client.readChunk().text());
            }

            assertThat(chunks.toString().equals(DATA)).as("all of the data").isTrue();
            assertThat(client.readToClose().size()).as("bytes behind it").isZero();
        }
    }

    @Test
    void nothing_follows_a_reset_to_a_client_that_had_no_window_for_the_data() {
        try (H2Upstream upstream = breaking();
                RunningProxy proxy = start(upstream);
                H2Client client =
                        H2Client.connect(
                                proxy.port(),
                                H2Settings.STANDARD.withInitialWindow(SMALL_WINDOW))) {
            H2Stream stream = client.open("GET", "/").holdWindow();
            stream.sendLastData(new byte[0]);
            H2Message answer = stream.readMessage();
            stream.credit(DATA.length());
            H2Message after = client.get("/after");

            assertThat(answer.body().size()).as("bytes").isEqualTo(SMALL_WINDOW);
            assertThat(answer.end()).as("end").isInstanceOf(H2Message.End.Reset.class);
            assertThat(after.body().text()).as("the next answer").isEqualTo("after");
            assertThat(stream.received().getLast())
                    .as("last of the stream")
                    .isInstanceOf(H2Event.Reset.class);
        }
    }

    @Test
    void an_upstream_gets_what_the_client_sent_before_its_reset_and_nothing_behind() {
        Mailbox<H2Message> got = new Mailbox<>("what the upstream got");
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                head -> stream -> got.put(stream.readMessage(head.head())));
                RunningProxy proxy = start(upstream);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open("POST", "/");
            upstream.next();
            stream.sendData(Body.of("ping").bytes());
            stream.reset(Http2Error.CANCEL);
            H2Message request = got.next();

            assertThat(request.end())
                    .as("end")
                    .isEqualTo(new H2Message.End.Reset(Http2Error.CANCEL.code()));
            assertThat(request.body().text()).as("bytes").isEqualTo("ping");
        }
    }
}
