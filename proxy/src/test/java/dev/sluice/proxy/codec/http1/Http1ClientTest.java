package dev.sluice.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an upstream sees of HTTP/1.1, and what of its answers is believed. */
@ExtendWith(LeakCheck.class)
class Http1ClientTest {
    private static final String CHANGED =
            String.join(
                    "\r\n",
                    "HTTP/1.1 101 Switching Protocols",
                    "connection: Upgrade",
                    "upgrade: WebSocket",
                    "",
                    "");

    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void finish() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /** An upstream connection with one exchange at a time, and what came of it. */
    private final class Upstream implements ResponseReceiver {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ClientConnection connection = ClientCodec.DEFAULT.install(channel, Protocol.HTTP1);
        final List<Integer> interim = new ArrayList<>();
        final List<Integer> status = new ArrayList<>();
        final List<StreamReset> failures = new ArrayList<>();
        ServerProbe.Collected body = new ServerProbe.Collected();
        boolean endedWithHead;

        Upstream() {
            channels.add(channel);
        }

        ClientStream open(String method, boolean ended, String... namesAndValues) {
            HeaderBlock block = new HeaderBlock();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                block.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            ClientStream stream =
                    connection.open(new RequestHead(method, "http", "h", "/p", block), ended, this);
            channel.runPendingTasks();
            return stream;
        }

        ClientStream ask(String protocol) {
            HeaderBlock block = new HeaderBlock();
            RequestHead head = new RequestHead("GET", "http", "h", "/p", block, protocol);
            return connection.open(head, /* ended= */ false, this);
        }

        String sent() {
            channel.runPendingTasks();
            StringBuilder text = new StringBuilder();
            for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
                text.append(b.toString(StandardCharsets.ISO_8859_1));
                b.release();
            }
            return text.toString();
        }

        void answer(String text) {
            channel.writeInbound(ServerProbe.bytes(text));
        }

        @Override
        public void onInterim(ResponseHead head) {
            interim.add(head.status());
        }

        @Override
        public void onHead(ResponseHead head, BodySource source, boolean ended) {
            status.add(head.status());
            endedWithHead = ended;
            if (!ended) {
                body = ServerProbe.collect(source);
            }
        }

        @Override
        public void onFailed(StreamReset reset) {
            failures.add(reset);
        }
    }

    @Test
    void a_request_without_a_body_says_so_only_if_its_method_lets_expect_one() {
        Upstream upstream = new Upstream();
        upstream.open("DELETE", /* ended= */ true);
        assertThat(upstream.sent()).isEqualTo("DELETE /p HTTP/1.1\r\nhost: h\r\n\r\n");

        Upstream post = new Upstream();
        post.open("POST", /* ended= */ true);
        assertThat(post.sent())
                .isEqualTo("POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n");

        Upstream zero = new Upstream();
        zero.open("POST", /* ended= */ true, "content-length", "0");
        assertThat(zero.sent())
                .isEqualTo("POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n");
    }

    @Test
    void a_body_goes_out_in_chunks_or_in_its_length() {
        Upstream chunked = new Upstream();
        chunked.open("PUT", /* ended= */ false)
                .requestBody()
                .data(ServerProbe.bytes("abc"), /* last= */ true);
        assertThat(chunked.sent())
                .endsWith("transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

        Upstream sized = new Upstream();
        sized.open("PUT", /* ended= */ false, "content-length", "3")
                .requestBody()
                .data(ServerProbe.bytes("abc"), /* last= */ true);
        assertThat(sized.sent()).endsWith("content-length: 3\r\n\r\nabc");
    }

    @Test
    void te_takes_connection_along() {
        Upstream upstream = new Upstream();
        HeaderBlock block = new HeaderBlock().add(HeaderNames.TE, "trailers");
        upstream.connection.open(
                new RequestHead("GET", "http", "h", "/", block), /* ended= */ true, upstream);

        assertThat(upstream.sent()).contains("te: trailers\r\nconnection: te\r\n");
    }

    @Test
    void interim_heads_come_before_the_final_one_and_the_connection_is_used_again() {
        Upstream upstream = new Upstream();
        upstream.open("GET", /* ended= */ true);
        upstream.answer(
                "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(upstream.interim).containsExactly(103);
        assertThat(upstream.status).containsExactly(200);
        assertThat(upstream.body.text).hasToString("ok");
        assertThat(upstream.body.ended).isTrue();
        assertThat(upstream.connection.capacity()).isEqualTo(1);
        upstream.open("HEAD", /* ended= */ true);
        upstream.answer("HTTP/1.1 200\r\nContent-Length: 9\r\n\r\n");
        assertThat(upstream.endedWithHead).isTrue();
        assertThat(upstream.connection.capacity()).isEqualTo(1);
    }

    @Test
    void an_answer_up_to_the_close_ends_cleanly_and_a_shorter_one_than_announced_does_not() {
        Upstream upstream = new Upstream();
        upstream.open("GET", /* ended= */ true);
        upstream.answer("HTTP/1.0 200 OK\r\n\r\nall of it");
        var unused = upstream.channel.close();
        assertThat(upstream.body.ended).isTrue();

        for (String framing : List.of("Content-Length: 10", "Transfer-Encoding: chunked")) {
            Upstream cut = new Upstream();
            cut.open("GET", /* ended= */ true);
            cut.answer("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n5\r\nab");
            var cutOff = cut.channel.close();
            assertThat(cutOff.isDone()).isTrue();
            assertThat(cut.body.ended).as(framing).isFalse();
            assertThat(cut.body.resets)
                    .extracting(StreamReset::cause)
                    .containsExactly(Cause.PROTOCOL_ERROR);
        }
    }

    @Test
    void a_close_before_the_answer_fails_the_exchange() {
        Upstream upstream = new Upstream();
        upstream.open("GET", /* ended= */ true);
        var unused = upstream.channel.close();

        assertThat(upstream.failures)
                .singleElement()
                .matches(r -> r.cause() == Cause.CONNECTION_LOST && !r.unprocessed());
        assertThat(upstream.connection.isRetired()).isTrue();
    }

    @Test
    void bytes_nobody_asked_for_retire_the_connection() {
        Upstream idle = new Upstream();
        idle.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(idle.connection.isRetired()).isTrue();

        Upstream beside = new Upstream();
        beside.open("GET", /* ended= */ true);
        beside.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok+more");
        assertThat(beside.body.text).hasToString("ok");
        assertThat(beside.connection.isRetired()).isTrue();
        assertThat(beside.channel.isOpen()).isFalse();
    }

    @Test
    void an_answer_before_the_requests_end_retires_the_connection() {
        Upstream upstream = new Upstream();
        ClientStream stream = upstream.open("PUT", /* ended= */ false, "content-length", "5");
        upstream.answer("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");

        assertThat(upstream.status).containsExactly(413);
        assertThat(upstream.connection.isRetired()).isTrue();
        stream.requestBody().data(ServerProbe.bytes("late"), /* last= */ true);
    }

    @Test
    void connection_close_and_cancel_retire_the_connection() {
        Upstream closing = new Upstream();
        closing.open("GET", /* ended= */ true);
        closing.answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(closing.connection.isRetired()).isTrue();

        Upstream cancelled = new Upstream();
        ClientStream stream = cancelled.open("GET", /* ended= */ true);
        stream.cancel(new StreamReset(Cause.LOCAL, /* unprocessed= */ false, "test"));
        assertThat(cancelled.failures).isEmpty();
        assertThat(cancelled.channel.isOpen()).isFalse();
    }

    @TestFactory
    List<DynamicTest> refuses_answers_that_can_be_read_in_two_ways() {
        return List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "HTTP/1.1 200 OK\nContent-Length: 1\n\n",
                        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                        "HTTP/1.1 99 Low\r\n\r\n",
                        "HTTP/1.1 20 Short\r\n\r\n",
                        "HTTP/2 200 OK\r\n\r\n",
                        "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(101) + "\r\n",
                        "HTTP/1.1 200 OK\r\nA: " + "b".repeat(70_000),
                        "HTTP/1.1 100 Continue\r\n\r\n".repeat(33))
                .stream()
                .map(text -> DynamicTest.dynamicTest(title(text), () -> assertRefused(text)))
                .toList();
    }

    @Test
    void a_connection_that_changed_its_protocol_carries_bytes_until_both_halves_have_ended() {
        Upstream upstream = new Upstream();
        ClientStream stream = upstream.ask("websocket, other");
        upstream.answer(CHANGED + "banner");
        stream.requestBody().data(ServerProbe.bytes("hello"), /* last= */ false);

        assertThat(upstream.sent())
                .isEqualTo(
                        String.join(
                                "\r\n",
                                "GET /p HTTP/1.1",
                                "host: h",
                                "upgrade: websocket, other",
                                "connection: upgrade",
                                "",
                                "hello"));
        assertThat(upstream.status).containsExactly(101);
        assertThat(upstream.body.text).hasToString("banner");
        assertThat(upstream.connection.capacity()).as("capacity").isZero();
        upstream.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(upstream.body.ended).as("the upstream's half has ended").isTrue();
        assertThat(upstream.channel.isOpen()).as("open for the client's half").isTrue();
        stream.requestBody().data(ServerProbe.bytes("late"), /* last= */ true);
        assertThat(upstream.sent()).isEqualTo("late");
        assertThat(upstream.channel.isOpen()).isFalse();
        assertThat(upstream.connection.isRetired()).as("retired").isTrue();
    }

    @Test
    void a_tunnel_whose_connection_is_lost_after_the_upstreams_half_fails() {
        Upstream upstream = new Upstream();
        var stream = upstream.ask("websocket");
        upstream.answer(CHANGED);
        upstream.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(upstream.failures).isEmpty();
        var closed = upstream.channel.close();
        upstream.channel.runPendingTasks();

        assertThat(closed.isSuccess()).isTrue();
        assertThat(upstream.body.ended).isTrue();
        assertThat(stream.requestBody().isWritable()).as("takes what is dropped").isTrue();
        assertThat(upstream.failures).hasSize(1);
    }

    @Test
    void a_protocol_that_was_not_asked_for_is_refused() {
        Upstream upstream = new Upstream();
        var unused = upstream.ask("other");
        upstream.answer(CHANGED);

        assertThat(upstream.failures)
                .extracting(StreamReset::cause)
                .containsExactly(Cause.PROTOCOL_ERROR);
        assertThat(upstream.channel.isOpen()).isFalse();
    }

    private static String title(String text) {
        return text.substring(0, Math.min(60, text.length())).replaceAll("\\s+", " ");
    }

    private void assertRefused(String text) {
        Upstream upstream = new Upstream();
        upstream.open("GET", /* ended= */ true);
        upstream.answer(text);

        assertThat(upstream.status).isEmpty();
        assertThat(upstream.failures)
                .extracting(StreamReset::cause)
                .containsExactly(Cause.PROTOCOL_ERROR);
        assertThat(upstream.channel.isOpen()).isFalse();
    }
}
