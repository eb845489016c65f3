package dev.sluice.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class H2UpstreamIT {
    private static H2Message ask(H2Answer answer) {
        try (H2Upstream upstream = H2Upstream.start(request -> answer);
                H2Client client = H2Client.connect(upstream.port())) {
            return client.get("/");
        }
    }

    @Test
    void answers_and_records_a_request_with_a_body() {
        try (H2Upstream upstream =
                        H2Upstream.start(request ->
                                H2Answer.of(
                                        201,
                                        Headers.of("x-from", "echo"),
                                        request.body(),
                                        Headers.of("x-end", "1")));
                H2Client client = H2Client.connect(upstream.port())) {
            H2Message answer = client.post("/a", Body.of("body"), "x-a", "1");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.head().first("x-from")).contains("echo");
            assertThat(answer.body()).isEqualTo(Body.of("body"));
            assertThat(answer.trailers()).isEqualTo(Headers.of("x-end", "1"));
            assertThat(answer.end()).isEqualTo(new H2Message.End.Complete());
            H2Message seen = upstream.next();
            assertThat(seen.method() + " " + seen.path()).isEqualTo("POST /a");
            assertThat(seen.head().first("x-a")).contains("1");
            assertThat(seen.body().text()).isEqualTo("body");
        }
    }

    @Test
    void passes_a_body_larger_than_every_window() {
        Body large = Body.of("x".repeat(1_000_000));
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok(request.body().text()));
                H2Client client = H2Client.connect(upstream.port())) {
            assertThat(client.post("/", large).body()).isEqualTo(large);
        }
    }

    @Test
    void sends_interim_answers_first() {
        H2Message answer = ask(H2Answer.ok("x").afterInterim(103, "link", "</a>"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.interim()).hasSize(1);
        assertThat(answer.interim().getFirst().first(":status")).contains("103");
    }

    @Test
    void resets_and_refuses_streams() {
        assertThat(ask(H2Answer.refused()).end())
                .isEqualTo(new H2Message.End.Reset(Http2Error.REFUSED_STREAM.code()));
        H2Message half = ask(H2Answer.partial("half").then(H2Answer.reset(Http2Error.CANCEL)));
        assertThat(half.body().text()).isEqualTo("half");
        assertThat(half.end()).isEqualTo(new H2Message.End.Reset(Http2Error.CANCEL.code()));
    }

    @Test
    void ends_the_connection_in_the_middle() {
        assertThat(ask(H2Answer.partial("half").then(H2Answer.disconnect())).end())
                .isEqualTo(new H2Message.End.Disconnected());
    }

    @Test
    void says_goodbye_and_still_serves_the_stream() {
        try (H2Upstream upstream =
                        H2Upstream.start(
                                request -> H2Answer.goAwayAfter().then(H2Answer.ok("last")));
                H2Client client = H2Client.connect(upstream.port())) {
            assertThat(client.get("/").body().text()).isEqualTo("last");
            assertThat(client.connection().nextGoAway().lastStreamId()).isEqualTo(3);
        }
    }

    @Test
    void says_goodbye_and_gives_the_stream_up() {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.goAwayBefore());
                H2Client client = H2Client.connect(upstream.port())) {
            H2Message answer = client.get("/");

            assertThat(answer.end()).isEqualTo(new H2Message.End.GivenUp());
            assertThat(client.connection().nextGoAway().lastStreamId()).isEqualTo(1);
        }
    }

    @Test
    void waits_for_a_latch_before_it_answers() {
        CountDownLatch go = new CountDownLatch(1);
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("late").after(go));
                H2Client client = H2Client.connect(upstream.port())) {
            H2Stream stream = client.open();
            stream.sendLast(H2Client.request("GET", "/"));
            upstream.next();
            client.connection().ping(7);
            assertThat(stream.received()).as("events before the latch").isEmpty();
            go.countDown();

            assertThat(stream.readMessage().body().text()).isEqualTo("late");
        }
    }

    @Test
    void many_streams_share_a_connection() {
        CountDownLatch both = new CountDownLatch(2);
        try (H2Upstream upstream =
                        H2Upstream.start(request -> {
                            both.countDown();
                            return H2Answer.ok(request.path()).after(both);
                        });
                H2Client client = H2Client.connect(upstream.port())) {
            H2Stream first = client.open();
            first.sendLast(H2Client.request("GET", "/1"));
            H2Stream second = client.open();
            second.sendLast(H2Client.request("GET", "/2"));

            assertThat(first.readMessage().body().text()).isEqualTo("/1");
            assertThat(second.readMessage().body().text()).isEqualTo("/2");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_held_window_stops_the_sender_until_it_is_credited() {
        CountDownLatch go = new CountDownLatch(1);
        H2Answer slow =
                stream -> {
                    stream.holdWindow();
                    stream.await(go);
                    stream.credit(10);
                    H2Message rest = stream.readMessage(Headers.of(":method", "POST"));
                    H2Answer.ok(String.valueOf(rest.body().size())).play(stream);
                };
        H2Settings small = H2Settings.STANDARD.withInitialWindow(10);
        try (H2Upstream upstream = H2Upstream.startAtHead(small, request -> slow);
                H2Client client = H2Client.connect(upstream.port())) {
            H2Stream stream = client.open("POST", "/");
            stream.sendData(new byte[10]);
            Future<?> blocked = stream.startData(new byte[10]);
            client.connection().ping(1);
            assertThat(blocked.isDone()).as("a frame beyond the window is written").isFalse();
            go.countDown();

            Patience.await(blocked, "the credited window");
            stream.sendLastData(new byte[0]);
            assertThat(stream.readMessage().body().text()).isEqualTo("20");
        }
    }

    @Test
    void a_failed_assertion_in_a_script_resets_the_stream_and_fails_the_test() {
        H2Upstream upstream =
                H2Upstream.start(request -> {
                    throw new AssertionError("unexpected " + request.path());
                });
        try (H2Client client = H2Client.connect(upstream.port())) {
            assertThat(client.get("/x").end())
                    .isEqualTo(new H2Message.End.Reset(Http2Error.INTERNAL_ERROR.code()));
        }

        assertThatThrownBy(upstream::close)
                .isInstanceOf(AssertionError.class)
                .cause()
                .hasMessage("unexpected /x");
    }
}
