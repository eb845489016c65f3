package dev.sluice.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client sees of HTTP/1.1: exchanges in order, framing, keep-alive, and ends. */
@ExtendWith(LeakCheck.class)
@SuppressWarnings("StringConcatToTextBlock") // CRLF is the point
class Http1ServerTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n";
    private static final Limits WITH_HTTP10 =
            new Limits(60 * 1024, 100, 100, 65_535, 65_535, /* acceptHttp10= */ true);

    private ServerProbe probe = ServerProbe.http1();

    @AfterEach
    void finish() {
        probe.finish();
    }

    private static ResponseHead head(int status, String... namesAndValues) {
        HeaderBlock block = new HeaderBlock();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ResponseHead(status, block);
    }

    private static void answer(ServerStream stream, String body) {
        stream.respond(head(200), /* ended= */ false)
                .data(ServerProbe.bytes(body), /* last= */ true);
    }

    @Test
    void gives_the_head_without_hop_by_hop_fields() {
        probe.send(
                "GET /a?b HTTP/1.1\r\nHost: h:1\r\nX-Y:  v \r\nConnection: x-drop, host, keep-alive\r\n"
                        + "X-Drop: 1\r\nKeep-Alive: 5\r\nUpgrade: w\r\nProxy-Connection: a\r\n\r\n");

        ServerStream stream = probe.stream(0);
        assertThat(stream.request().method()).asString().isEqualTo("GET");
        assertThat(stream.request().path()).asString().isEqualTo("/a?b");
        assertThat(stream.request().authority()).asString().isEqualTo("h:1");
        assertThat(stream.request().headers()).hasToString("x-y: v\n");
        assertThat(stream.requestEnded()).isTrue();
    }

    @Test
    void connection_cannot_name_what_frames_routes_or_authenticates() {
        probe.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nAuthorization: a\r\n"
                        + "X-Sluice-Gate: g\r\nBaggage: b\r\n"
                        + "Connection: content-length, authorization, x-sluice-gate, baggage\r\n\r\n");

        assertThat(probe.stream(0).request().headers().toString())
                .contains("content-length: 0", "authorization: a", "x-sluice-gate: g", "baggage");
    }

    @Test
    void absolute_form_sets_the_authority() {
        probe.send("GET http://other:8/p HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(probe.stream(0).request().authority()).asString().isEqualTo("other:8");
        assertThat(probe.stream(0).request().path()).asString().isEqualTo("/p");
    }

    @Test
    void answers_pipelined_requests_in_order() {
        probe.send(GET + GET.replace("/a", "/b"));
        assertThat(probe.streams).as("the second waits for the first answer").hasSize(1);

        answer(probe.stream(0), "one");
        assertThat(probe.streams).hasSize(2);
        answer(probe.stream(1), "two");

        String text = probe.received();
        assertThat(text.indexOf("one")).isPositive().isLessThan(text.indexOf("two"));
        assertThat(probe.channel.isOpen()).isTrue();
    }

    @Test
    void an_answer_of_unknown_length_is_chunked_and_one_of_known_length_is_not() {
        probe.send(GET);
        answer(probe.stream(0), "hello");
        assertThat(probe.received())
                .isEqualTo(
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        probe.send(GET);
        probe.stream(1)
                .respond(head(200, "content-length", "5"), /* ended= */ false)
                .data(ServerProbe.bytes("hello"), /* last= */ true);
        assertThat(probe.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    }

    @Test
    void an_answer_without_a_body_says_so_and_head_204_and_304_carry_none() {
        probe.send(GET);
        probe.stream(0).respond(head(200), /* ended= */ true);
        assertThat(probe.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

        probe.send(GET.replace("GET", "HEAD"));
        probe.stream(1)
                .respond(head(200, "content-length", "7"), /* ended= */ false)
                .data(ServerProbe.bytes("1234567"), /* last= */ true);
        assertThat(probe.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");

        probe.send(GET);
        probe.stream(2).respond(head(204, "content-length", "0"), /* ended= */ true);
        assertThat(probe.received()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");

        probe.send(GET);
        probe.stream(3).respond(head(304, "content-length", "9"), /* ended= */ true);
        assertThat(probe.received())
                .isEqualTo("HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n");
    }

    @Test
    void trailers_reach_only_a_client_that_takes_them() {
        HeaderBlock trailers = new HeaderBlock().add("x-sum", "1");
        probe.send(GET);
        probe.stream(0).respond(head(200), /* ended= */ false).trailers(trailers);
        assertThat(probe.received()).doesNotContain("x-sum").endsWith("0\r\n\r\n");

        probe.send("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
        assertThat(probe.stream(1).request().headers()).hasToString("te: trailers\n");
        probe.stream(1).respond(head(200), /* ended= */ false).trailers(trailers);
        assertThat(probe.received()).endsWith("0\r\nx-sum: 1\r\n\r\n");
    }

    @Test
    void a_body_is_delivered_only_when_started_and_stops_while_paused() {
        probe.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
        ServerStream stream = probe.stream(0);
        ServerProbe.Collected body = ServerProbe.collect(stream.requestBody());
        assertThat(body.text).hasToString("abc");

        stream.requestBody().pause();
        probe.send("def");
        assertThat(body.text).as("nothing while paused").hasToString("abc");
        stream.requestBody().resume();

        assertThat(body.text).hasToString("abcdef");
        assertThat(body.ended).isTrue();
    }

    @Test
    void chunks_and_trailers_of_a_request_are_delivered() {
        probe.send(
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\nContent-Length: 3\r\n\r\n");
        ServerProbe.Collected body = ServerProbe.collect(probe.stream(0).requestBody());

        assertThat(probe.stream(0).request().headers().isEmpty()).isTrue();
        assertThat(body.text).hasToString("abc0123456789");
        assertThat(body.trailers).hasValueSatisfying(t -> assertThat(t).hasToString("x-t: 1\n"));
    }

    @Test
    void a_malformed_chunk_resets_the_body_and_is_answered_400() {
        probe.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX");
        List<StreamReset> gone = new ArrayList<>();
        probe.stream(0).onClientGone(gone::add);
        ServerProbe.Collected body = ServerProbe.collect(probe.stream(0).requestBody());

        assertThat(body.ended).isFalse();
        assertThat(body.resets)
                .extracting(StreamReset::cause)
                .containsExactly(Cause.PROTOCOL_ERROR);
        assertThat(gone).hasSize(1);
        assertThat(probe.received()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(probe.refusals).containsExactly(CodecRefusal.MALFORMED_BODY);
    }

    @Test
    void an_interim_head_is_relayed_and_the_expectation_forwarded() {
        probe.send(
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        ServerStream stream = probe.stream(0);
        assertThat(stream.request().headers().toString()).contains("expect: 100-continue");

        stream.interim(head(100));
        assertThat(probe.received()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        ServerProbe.Collected body = ServerProbe.collect(stream.requestBody());
        probe.send("ok");

        assertThat(body.text).hasToString("ok");
        answer(stream, "done");
        assertThat(probe.received()).contains("200 OK").doesNotContain("connection: close");
    }

    @Test
    void an_answer_before_the_requests_end_closes_the_connection_after_it() {
        probe.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
        ServerProbe.Collected body = ServerProbe.collect(probe.stream(0).requestBody());
        List<String> completed = new ArrayList<>();
        probe.stream(0).onComplete(() -> completed.add("complete"));

        probe.stream(0).respond(head(413), /* ended= */ true);

        assertThat(probe.received())
                .isEqualTo(
                        "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        assertThat(body.resets).hasSize(1);
        assertThat(completed).containsExactly("complete");
        assertThat(probe.channel.isOpen()).isFalse();
    }

    @Test
    void a_body_that_misses_its_length_never_ends_cleanly() {
        probe.send(GET);
        BodySink sink =
                probe.stream(0).respond(head(200, "content-length", "10"), /* ended= */ false);
        sink.data(ServerProbe.bytes("short"), /* last= */ true);
        assertThat(probe.received()).endsWith("short");

        assertThat(probe.channel.isOpen()).isFalse();
    }

    @Test
    void a_reset_answer_closes_without_the_last_chunk() {
        probe.send(GET);
        BodySink sink = probe.stream(0).respond(head(200), /* ended= */ false);
        sink.data(ServerProbe.bytes("part"), /* last= */ false);
        sink.reset(new StreamReset(Cause.PEER_RESET, false, "upstream"));

        assertThat(probe.received()).endsWith("4\r\npart\r\n");
        assertThat(probe.channel.isOpen()).isFalse();
        sink.data(Unpooled.buffer().writeByte(1), /* last= */ true);
    }

    @Test
    void a_client_that_ends_its_side_before_its_answer_is_gone() {
        probe.send(GET);
        List<StreamReset> gone = new ArrayList<>();
        probe.stream(0).onClientGone(gone::add);
        probe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(gone).extracting(StreamReset::cause).containsExactly(Cause.PEER_RESET);
        assertThat(probe.channel.isOpen()).isFalse();
    }

    @Test
    void a_client_is_listened_to_while_nobody_takes_its_body() {
        probe.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
        List<StreamReset> gone = new ArrayList<>();
        probe.stream(0).onClientGone(gone::add);
        probe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(gone).hasSize(1);
    }

    @Test
    void a_body_cut_off_by_half_close_or_close_is_reset_and_never_ended() {
        probe.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        ServerProbe.Collected body = ServerProbe.collect(probe.stream(0).requestBody());
        List<StreamReset> gone = new ArrayList<>();
        probe.stream(0).onClientGone(gone::add);

        probe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(body.resets).extracting(StreamReset::cause).containsExactly(Cause.PEER_RESET);
        assertThat(body.ended).isFalse();
        assertThat(gone).hasSize(1);
    }

    @Test
    void a_client_that_leaves_before_the_answer_is_told_of() {
        probe.send(GET);
        List<StreamReset> gone = new ArrayList<>();
        probe.stream(0).onClientGone(gone::add);

        var unused = probe.channel.close();

        assertThat(gone).extracting(StreamReset::cause).containsExactly(Cause.PEER_RESET);
        probe.stream(0)
                .respond(head(200), /* ended= */ false)
                .data(ServerProbe.bytes("x"), /* last= */ true);
    }

    @Test
    void connection_close_is_kept_and_http10_closes_unless_asked() {
        probe.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        answer(probe.stream(0), "x");
        assertThat(probe.received()).contains("connection: close\r\n");
        assertThat(probe.channel.isOpen()).isFalse();

        probe = new ServerProbe(CodecType.HTTP1, WITH_HTTP10, Timeouts.DEFAULT);
        probe.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(probe.stream(0).request().authority()).asString().isEmpty();
        probe.stream(0).interim(head(103));
        answer(probe.stream(0), "until close");
        assertThat(probe.received())
                .isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil close");
        assertThat(probe.channel.isOpen()).isFalse();

        probe = new ServerProbe(CodecType.HTTP1, WITH_HTTP10, Timeouts.DEFAULT);
        probe.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
        probe.stream(0).respond(head(200), /* ended= */ true);
        assertThat(probe.received()).contains("connection: keep-alive");
        assertThat(probe.channel.isOpen()).isTrue();
    }

    @Test
    void a_client_that_is_sending_its_first_request_is_served_before_it_leaves() {
        probe.connection.drain();
        assertThat(probe.channel.isOpen()).as("before its first byte").isTrue();

        probe.send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
        probe.stream(0).respond(new ResponseHead(204, new HeaderBlock()), /* ended= */ true);

        assertThat(probe.received()).contains("connection: close");
    }

    @Test
    void a_client_that_sends_nothing_leaves_after_the_time_to_drain() {
        probe.connection.drain();

        probe.channel.advanceTimeBy(4, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).as("after 4 s").isTrue();
        probe.channel.advanceTimeBy(1, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).as("after 5 s").isFalse();
    }

    @Test
    void a_drain_closes_with_the_next_answer_or_after_the_drain_time() {
        probe.send(GET);
        probe.connection.drain();
        answer(probe.stream(0), "x");
        assertThat(probe.received()).contains("connection: close");
        assertThat(probe.channel.isOpen()).isFalse();

        probe = ServerProbe.http1();
        probe.send(GET);
        answer(probe.stream(0), "x");
        probe.connection.drain();
        probe.received();
        probe.channel.advanceTimeBy(6, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).isFalse();
    }

    @Test
    void a_wish_to_change_the_protocol_is_part_of_the_head_and_its_bytes_wait() {
        probe.send(UPGRADE + "early");

        ServerStream stream = probe.stream(0);
        assertThat(stream.request().upgrade()).asString().isEqualTo("WebSocket");
        assertThat(stream.request().headers()).hasToString("upgrade: WebSocket\n");
        assertThat(stream.requestEnded()).isFalse();
        ResponseHead agreed = head(101);
        agreed.headers().add(HeaderNames.UPGRADE, "websocket");
        BodySink answer = stream.respond(agreed, /* ended= */ false);
        ServerProbe.Collected body = ServerProbe.collect(stream.requestBody());
        answer.data(ServerProbe.bytes("banner"), /* last= */ false);

        assertThat(probe.received())
                .isEqualTo(
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                                + "connection: upgrade\r\n\r\nbanner");
        assertThat(body.text).hasToString("early");
        assertThat(probe.streams).hasSize(1);
    }

    @Test
    void halves_of_a_tunnel_end_each_by_itself() {
        AtomicBoolean complete = new AtomicBoolean();
        probe.send(UPGRADE);
        ServerStream stream = probe.stream(0);
        stream.onComplete(() -> complete.set(true));
        BodySink answer = stream.respond(head(101), /* ended= */ false);
        ServerProbe.Collected body = ServerProbe.collect(stream.requestBody());
        stream.requestBody().pause();
        probe.send("last");
        probe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(body.parts).as("parts of a body that is paused").isZero();
        stream.requestBody().resume();
        probe.received();

        assertThat(body.text).hasToString("last");
        assertThat(body.ended).as("the client's half has ended").isTrue();
        assertThat(complete).as("complete").isFalse();
        answer.data(ServerProbe.bytes("bye"), /* last= */ true);
        assertThat(probe.received()).isEqualTo("bye");
        assertThat(complete).as("complete").isTrue();
        assertThat(probe.channel.isOpen()).isFalse();
    }

    @Test
    void a_drain_ends_a_tunnel_when_its_time_is_over() {
        List<StreamReset> gone = new ArrayList<>();
        probe.send(UPGRADE);
        ServerStream stream = probe.stream(0);
        stream.onClientGone(gone::add);
        stream.respond(head(101), /* ended= */ false);
        probe.connection.drain();
        probe.channel.advanceTimeBy(4, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).as("within the drain time").isTrue();

        probe.channel.advanceTimeBy(2, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        probe.received();
        assertThat(probe.channel.isOpen()).as("after the drain time").isFalse();
        assertThat(gone).hasSize(1);
    }

    @Test
    void an_answer_other_than_101_to_a_wish_to_change_closes() {
        probe.send(UPGRADE + GET);
        answer(probe.stream(0), "no");

        assertThat(probe.received())
                .isEqualTo(
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
                                + "2\r\nno\r\n0\r\n\r\n");
        assertThat(probe.streams).as("requests").hasSize(1);
    }

    @Test
    void a_slow_head_gets_408_and_an_idle_connection_is_closed() {
        Timeouts timeouts =
                new Timeouts(
                        Duration.ofSeconds(60),
                        Duration.ZERO,
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        Duration.ZERO);
        probe = new ServerProbe(CodecType.HTTP1, Limits.DEFAULT, timeouts);
        probe.send("GET / HT");
        probe.channel.advanceTimeBy(3, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.received()).startsWith("HTTP/1.1 408 Request Timeout");
        assertThat(probe.refusals).containsExactly(CodecRefusal.HEAD_TIMEOUT);

        probe = new ServerProbe(CodecType.HTTP1, Limits.DEFAULT, timeouts);
        probe.send(GET);
        probe.channel.advanceTimeBy(61, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).as("an exchange is no idleness").isTrue();
        answer(probe.stream(0), "x");
        probe.received();
        probe.channel.advanceTimeBy(61, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        probe.channel.advanceTimeBy(61, TimeUnit.SECONDS);
        probe.channel.runScheduledPendingTasks();
        assertThat(probe.channel.isOpen()).isFalse();
    }
}
