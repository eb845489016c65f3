package dev.sluice.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class H1UpstreamIT {
    private static H1Response ask(H1Answer answer) throws IOException {
        try (H1Upstream upstream = H1Upstream.start(request -> answer)) {
            return RawHttp1Client.get(upstream.port(), "/");
        }
    }

    @Test
    void answers_and_records_a_request_with_a_body() throws IOException {
        Function<H1Request, H1Answer> echo =
                request -> H1Answer.of(201, Headers.of("x-from", "echo"), request.body());
        try (H1Upstream upstream = H1Upstream.start(echo);
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            H1Response answer =
                    client.exchange("POST", "/a?b", Headers.of("X-A", "1"), Body.of("täg"));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo(Body.of("täg"));
            assertThat(answer.headers().first("X-FROM")).contains("echo");
            H1Request seen = upstream.next();
            assertThat(seen.method() + " " + seen.target() + " " + seen.version())
                    .isEqualTo("POST /a?b HTTP/1.1");
            assertThat(seen.headers().fields()).contains(new Headers.Field("X-A", "1"));
            assertThat(seen.body().text()).isEqualTo("täg");
        }
    }

    @Test
    void reads_a_chunked_request_and_its_trailers() throws IOException {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.status(204));
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.send("PUT / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            client.send("3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nx-sum: 9\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(204);
            H1Request seen = upstream.next();
            assertThat(seen.body().text()).isEqualTo("abc0123456789");
            assertThat(seen.trailers()).isEqualTo(Headers.of("x-sum", "9"));
        }
    }

    @Test
    void sends_chunks_and_trailers() throws IOException {
        H1Response answer = ask(H1Answer.chunked(List.of("ab", "c"), Headers.of("x-end", "1")));

        assertThat(answer.body().text()).isEqualTo("abc");
        assertThat(answer.trailers()).isEqualTo(Headers.of("x-end", "1"));
    }

    @Test
    void ends_a_body_by_the_end_of_the_connection() throws IOException {
        assertThat(ask(H1Answer.untilClose("to the end")).body().text()).isEqualTo("to the end");
    }

    @Test
    void sends_interim_answers_first() throws IOException {
        H1Response answer = ask(H1Answer.ok("x").afterInterim(103, "link", "</a>"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.interim()).extracting(H1Response::status).containsExactly(103);
        assertThat(answer.interim().getFirst().headers().first("link")).contains("</a>");
    }

    @Test
    void stops_in_the_middle_of_a_body() {
        assertThatThrownBy(() -> ask(H1Answer.partial(10, "four").thenClose()))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("4 of 10");
    }

    @Test
    void resets_and_closes_without_an_answer() {
        assertThatThrownBy(() -> ask(H1Answer.reset())).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> ask(H1Answer.close())).isInstanceOf(EOFException.class);
    }

    @Test
    void keeps_connections_alive_and_counts_them() throws IOException {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok(request.target()));
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.send("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(client.readResponse().body().text()).isEqualTo("/1");
            assertThat(client.readResponse().body().text()).isEqualTo("/2");
            RawHttp1Client.get(upstream.port(), "/3");

            assertThat(upstream.connections()).isEqualTo(2);
            assertThat(upstream.received())
                    .extracting(H1Request::connection)
                    .containsExactly(1, 1, 2);
        }
    }

    @Test
    void ends_the_connection_when_the_request_says_so() throws IOException {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("bye"));
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.exchange("GET", "/", Headers.of("connection", "close"), Body.EMPTY);

            assertThat(client.readToClose()).isEqualTo(Body.EMPTY);
        }
    }

    @Test
    void waits_for_a_latch_before_it_answers() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("late").after(go));
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            upstream.next();
            assertThat(client.connection().in().available()).as("bytes before the latch").isZero();
            go.countDown();

            assertThat(client.readResponse().body().text()).isEqualTo("late");
        }
    }

    @Test
    void answers_before_the_body_and_reads_the_rest_before_the_next_request() throws IOException {
        try (H1Upstream upstream = H1Upstream.startAtHead(request -> H1Answer.ok("early"));
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.send("POST /1 HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n");
            assertThat(client.readResponse().body().text()).isEqualTo("early");
            client.send("bodyPOST /2 HTTP/1.1\r\nhost: a\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(upstream.received()).extracting(H1Request::target).contains("/2");
        }
    }

    @Test
    void streams_both_ways_chunk_by_chunk() throws IOException {
        H1Answer echo =
                exchange -> {
                    exchange.sendHead(200, Headers.of("transfer-encoding", "chunked"));
                    Body chunk = exchange.readChunk();
                    while (chunk.size() > 0) {
                        exchange.sendChunk(chunk.bytes());
                        chunk = exchange.readChunk();
                    }
                    exchange.endChunks(exchange.request().trailers());
                };
        try (H1Upstream upstream = H1Upstream.startAtHead(request -> echo);
                RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
            client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            client.readHead();
            client.send("2\r\nab\r\n");
            assertThat(client.readChunk().text()).isEqualTo("ab");
            client.send("0\r\nt: 1\r\n\r\n");

            assertThat(client.readChunk()).isEqualTo(Body.EMPTY);
            assertThat(client.readTrailers()).isEqualTo(Headers.of("t", "1"));
        }
    }

    @Test
    void says_nothing_until_the_client_leaves() throws IOException {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.silence())) {
            try (RawHttp1Client client = RawHttp1Client.connect(upstream.port())) {
                client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
                upstream.next();
                assertThat(upstream.liveConnections()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_failed_assertion_in_a_script_fails_the_test() {
        H1Upstream upstream =
                H1Upstream.start(request -> {
                    throw new AssertionError("unexpected " + request.target());
                });
        assertThatThrownBy(() -> RawHttp1Client.get(upstream.port(), "/x"))
                .isInstanceOf(EOFException.class);

        assertThatThrownBy(upstream::close)
                .isInstanceOf(AssertionError.class)
                .cause()
                .hasMessage("unexpected /x");
    }

    @Test
    void sends_raw_bytes_and_refuses_where_nobody_listens() throws IOException {
        H1Response answer =
                ask(H1Answer.raw("HTTP/1.1 299 Odd\r\nA:1\r\ncontent-length:0\r\n\r\n"));

        assertThat(answer.status()).isEqualTo(299);
        assertThat(answer.reason()).isEqualTo("Odd");
        assertThatThrownBy(() -> RawHttp1Client.connect(TcpUpstream.refusedPort()))
                .isInstanceOf(ConnectException.class);
    }
}
