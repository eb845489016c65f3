package dev.sluice.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends over HTTP/1.1. */
@ExtendWith(LeakCheck.class)
class Http1ServerFuzzTest {
    static Stream<byte[]> requests() {
        return Stream.of(
                        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                        "GET http://h:80/a?b#c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: t\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
                        "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close, x\r\nX: 1\r\n\r\n",
                        "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
                        "\r\nGET / HTTP/1.1\nHost : h\r\n folded\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .map(Http1ServerFuzzTest::bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "90s")
    void the_cuts_of_the_network_change_nothing(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);

        assertThat(read(text, Math.max(1, text.length() / 3)))
                .isEqualTo(read(text, Math.max(1, text.length())));
    }

    /** What was understood and answered, when the bytes come in parts of this length. */
    private static String read(String text, int part) {
        ServerProbe probe = answering();
        for (int at = 0; at < text.length() && probe.channel.isOpen(); at += part) {
            probe.send(text.substring(at, Math.min(text.length(), at + part)));
        }
        probe.channel.checkException();
        StringBuilder seen = new StringBuilder();
        for (ServerStream stream : probe.streams) {
            seen.append(stream.request()).append('\n');
        }
        seen.append(probe.refusals).append('\n').append(probe.received());
        probe.finish();
        return seen.toString();
    }

    private static ServerProbe answering() {
        ServerProbe probe = ServerProbe.http1();
        probe.onStream =
                stream ->
                        stream.respond(new ResponseHead(204, new HeaderBlock()), /* ended= */ true);
        return probe;
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "90s")
    void what_is_forwarded_is_one_request_for_the_next_reader(byte[] input) {
        ServerProbe probe = answering();
        probe.send(new String(input, StandardCharsets.ISO_8859_1));
        List<RequestHead> heads = probe.streams.stream().map(ServerStream::request).toList();
        probe.finish();
        for (RequestHead head : heads) {
            String forwarded = Upstreams.written(head);
            ServerProbe next = ServerProbe.http1();
            next.send(forwarded);
            assertThat(next.streams).as("requests in <%s>", forwarded).hasSize(1);
            assertThat(next.refusals).as("refusals of <%s>", forwarded).isEmpty();
            RequestHead again = next.streams.getFirst().request();
            assertThat(again.method()).hasToString(head.method().toString());
            assertThat(again.path()).hasToString(head.path().toString());
            assertThat(again.authority()).hasToString(head.authority().toString());
            next.finish();
        }
    }

    /** What upstreams are sent. */
    private static final class Upstreams {
        static String written(RequestHead head) {
            EmbeddedChannel channel = new EmbeddedChannel();
            ClientConnection connection = ClientCodec.DEFAULT.install(channel, Protocol.HTTP1);
            connection.open(head, /* ended= */ true, new IgnoredAnswer());
            String written = ServerProbe.written(channel);
            channel.finishAndReleaseAll();
            return written;
        }
    }
}
