package dev.sluice.proxy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both codecs together on real sockets, in all four pairs of protocols. */
@ExtendWith(LeakCheck.class)
@SuppressWarnings("StringConcatToTextBlock") // CRLF is the point
class RelayIT {
    private static final Body UPLOAD = Body.of("u".repeat(300_000));

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void h1_to_h1_carries_heads_bodies_and_reuses_connections(int loops) throws IOException {
        try (H1Upstream upstream =
                        H1Upstream.start(
                                r -> H1Answer.of(201, Headers.of("x-a", r.target()), r.body()));
                Relay relay = new Relay(loops, Protocol.HTTP1, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port())) {
            for (int i = 0; i < 20; i++) {
                H1Response answer = client.exchange("POST", "/" + i, Headers.NONE, UPLOAD);
                assertThat(answer.status()).isEqualTo(201);
                assertThat(answer.headers().first("x-a")).contains("/" + i);
                assertThat(answer.body()).isEqualTo(UPLOAD);
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void h1_to_h2_carries_heads_bodies_and_trailers(int loops) throws IOException {
        try (H2Upstream upstream =
                        H2Upstream.start(r ->
                                H2Answer.of(
                                        200,
                                        Headers.of("x-m", r.method()),
                                        r.body(),
                                        Headers.of("x-t", "1")));
                Relay relay = new Relay(loops, Protocol.HTTP2, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port())) {
            H1Response answer = client.exchange("POST", "/", Headers.of("te", "trailers"), UPLOAD);

            assertThat(answer.body()).isEqualTo(UPLOAD);
            assertThat(answer.trailers().first("x-t")).contains("1");
            assertThat(upstream.received().getFirst().head().first("te")).contains("trailers");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void h2_to_h1_carries_heads_bodies_and_trailers(int loops) {
        try (H1Upstream upstream =
                        H1Upstream.start(r ->
                                H1Answer.chunked(
                                        List.of("got ", "" + r.body().size()),
                                        Headers.of("x-t", "1")));
                Relay relay = new Relay(loops, Protocol.HTTP1, upstream.address());
                H2Client client = H2Client.connect(relay.port())) {
            H2Message answer = client.post("/p", UPLOAD);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().text()).isEqualTo("got 300000");
            assertThat(answer.trailers().first("x-t")).contains("1");
            assertThat(upstream.received().getFirst().headers().first("host")).isPresent();
            assertThat(client.get("/again").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void h2_to_h2_carries_many_streams_at_once(int loops) {
        try (H2Upstream upstream =
                        H2Upstream.start(
                                r -> H2Answer.of(200, Headers.NONE, r.body(), Headers.NONE));
                Relay relay = new Relay(loops, Protocol.HTTP2, upstream.address());
                H2Client client = H2Client.connect(relay.port())) {
            List<H2Stream> streams = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                H2Stream stream = client.open();
                stream.send(H2Client.request("POST", "/" + i));
                streams.add(stream);
            }
            streams.forEach(s -> s.sendLastData(Body.of("b" + s.id()).bytes()));
            for (H2Stream stream : streams) {
                assertThat(stream.readMessage().body().text()).isEqualTo("b" + stream.id());
            }
        }
    }

    @Test
    void a_slow_reader_stops_the_upstream_and_still_gets_all_of_64_mib() throws Exception {
        int chunk = 1 << 20;
        int chunks = 64;
        AtomicInteger sent = new AtomicInteger();
        try (H1Upstream upstream =
                        H1Upstream.start(r ->
                                exchange -> {
                                    exchange.sendHead(
                                            200,
                                            Headers.of(
                                                    "content-length", "" + (long) chunk * chunks));
                                    byte[] bytes = new byte[chunk];
                                    for (int i = 0; i < chunks; i++) {
                                        Arrays.fill(bytes, (byte) i);
                                        exchange.send(bytes);
                                        sent.incrementAndGet();
                                    }
                                });
                Relay relay = new Relay(1, Protocol.HTTP1, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port(), 64 * 1024)) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            client.readHead();
            assertThat(client.read(chunk)).containsOnly(0);
            int before = sent.get();
            assertThat(before)
                    .as("MiB the upstream could send while 1 was read")
                    .isLessThan(chunks / 2);
            for (int i = 1; i < chunks; i++) {
                assertThat(client.read(chunk)).startsWith((byte) i).endsWith((byte) i);
            }
        }
    }

    @Test
    void a_slow_stream_holds_up_its_upstream_but_no_neighbour() {
        byte[] big = new byte[8 << 20];
        try (H2Upstream upstream =
                        H2Upstream.start(r ->
                                r.path().equals("/big")
                                        ? H2Answer.of(200, Headers.NONE, Body.of(big), Headers.NONE)
                                        : H2Answer.ok("small"));
                Relay relay = new Relay(1, Protocol.HTTP2, upstream.address());
                H2Client client =
                        H2Client.connect(
                                relay.port(), H2Settings.STANDARD.withInitialWindow(16_384))) {
            H2Stream slow = client.open().holdWindow();
            slow.sendLast(H2Client.request("GET", "/big"));
            slow.readHead();

            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/small").body().text()).isEqualTo("small");
            }
            assertThat(readSlowly(slow)).isEqualTo(big.length);
        }
    }

    private static int readSlowly(H2Stream stream) {
        int bytes = 0;
        while (stream.nextEvent() instanceof H2Event.Data data) {
            bytes += data.body().size();
            stream.credit(data.credit());
            if (data.last()) {
                break;
            }
        }
        return bytes;
    }

    @Test
    void an_upstream_that_breaks_off_never_ends_the_answer_cleanly() throws IOException {
        try (H1Upstream upstream =
                        H1Upstream.start(r ->
                                exchange -> {
                                    H1Answer.partial(100, "half").play(exchange);
                                    exchange.close();
                                });
                Relay relay = new Relay(1, Protocol.HTTP1, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port());
                H2Client h2 = H2Client.connect(relay.port())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.readToClose().text()).isEqualTo("half");

            H2Message answer = h2.get("/");
            assertThat(answer.end()).isInstanceOf(H2Message.End.Reset.class);
        }
    }

    @Test
    void resets_travel_both_ways() {
        CountDownLatch never = new CountDownLatch(1);
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                r ->
                                        stream -> {
                                            if (r.path().equals("/refuse")) {
                                                stream.reset(Http2Error.REFUSED_STREAM);
                                            } else {
                                                stream.await(never);
                                            }
                                        });
                Relay relay = new Relay(1, Protocol.HTTP2, upstream.address());
                H2Client client = H2Client.connect(relay.port())) {
            assertThat(client.get("/refuse").status()).isEqualTo(502);
            assertThat(relay.resets).singleElement().matches(r -> r.unprocessed());

            H2Stream stream = client.open("GET", "/hang");
            upstream.next();
            upstream.next();
            stream.reset(Http2Error.CANCEL);
            never.countDown();
            assertThat(client.get("/refuse").status()).isEqualTo(502);
        }
    }

    @Test
    void an_early_answer_to_a_large_upload_is_delivered_then_the_connection_closed()
            throws IOException {
        try (H1Upstream upstream = H1Upstream.startAtHead(r -> H1Answer.status(413));
                Relay relay = new Relay(1, Protocol.HTTP1, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
            client.send(new byte[50_000]);
            H1Response answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.headers().first("connection")).contains("close");
            assertThat(client.readToClose().size()).isZero();
        }
    }

    @Test
    void goaway_drains_and_the_connection_ends_with_its_last_stream() {
        CountDownLatch go = new CountDownLatch(1);
        try (H2Upstream upstream = H2Upstream.start(r -> H2Answer.ok("late").after(go));
                Relay relay = new Relay(1, Protocol.HTTP2, upstream.address());
                H2Client client = H2Client.connect(relay.port())) {
            H2Stream stream = client.open();
            stream.sendLast(H2Client.request("GET", "/"));
            upstream.next();
            relay.onLoop(() -> relay.connections.forEach(c -> c.drain()));
            go.countDown();

            assertThat(stream.readMessage().body().text()).isEqualTo("late");
        }
    }

    @Test
    void an_expectation_is_answered_by_the_upstream() throws IOException {
        try (H1Upstream upstream =
                        H1Upstream.startAtHead(r ->
                                exchange -> {
                                    exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
                                    Body got = exchange.readBody().body();
                                    H1Answer.ok(got.text()).play(exchange);
                                });
                Relay relay = new Relay(1, Protocol.HTTP1, upstream.address());
                RawHttp1Client client = RawHttp1Client.connect(relay.port())) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                            + "Expect: 100-continue\r\n\r\n");
            assertThat(client.readAnyHead().status()).isEqualTo(100);
            client.send("abc");
            assertThat(client.readResponse().body().text()).isEqualTo("abc");
        }
    }
}
