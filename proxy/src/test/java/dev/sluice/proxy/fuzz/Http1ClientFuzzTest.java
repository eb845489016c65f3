package dev.sluice.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an upstream answers over HTTP/1.1. */
@ExtendWith(LeakCheck.class)
class Http1ClientFuzzTest {
    static Stream<byte[]> answers() {
        return Stream.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: t\r\n\r\n",
                        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "90s")
    void the_cuts_of_the_network_change_nothing(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);

        assertThat(read(text, Math.max(1, text.length() / 3)))
                .isEqualTo(read(text, Math.max(1, text.length())));
    }

    private static String read(String text, int part) {
        EmbeddedChannel channel = new EmbeddedChannel();
        ClientConnection connection = ClientCodec.DEFAULT.install(channel, Protocol.HTTP1);
        IgnoredAnswer answer = new IgnoredAnswer();
        connection.open(
                new RequestHead("GET", "http", "h", "/", new HeaderBlock()),
                /* ended= */ true,
                answer);
        for (int at = 0; at < text.length() && channel.isOpen(); at += part) {
            channel.writeInbound(
                    ServerProbe.bytes(text.substring(at, Math.min(text.length(), at + part))));
        }
        ServerProbe.written(channel);
        channel.checkException();
        channel.finishAndReleaseAll();
        return answer.course();
    }
}
