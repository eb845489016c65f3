package dev.sluice.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Seeds;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However the network cuts the bytes, the codec reads the same messages. */
@ExtendWith(LeakCheck.class)
class SplitInputTest {
    private static final String INPUT =
            "\r\nGET /one HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n"
                    + "POST /two HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world"
                    + "POST /three HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-T: t\r\n\r\n"
                    + "GET /four HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\n\r\n";
    private static final int ROUNDS = 300;

    @Test
    void any_cut_gives_the_result_of_no_cut() {
        String whole = read(probe -> probe.send(INPUT));
        assertThat(whole).contains("/one", "/two hello world", "/three hello world", "400");

        RandomGenerator random = Seeds.printed("cuts of HTTP/1.1 input").generator();
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(read(probe -> sendCut(probe, random))).isEqualTo(whole);
        }
        assertThat(read(probe -> INPUT.chars().forEach(c -> probe.send("" + (char) c))))
                .as("byte by byte")
                .isEqualTo(whole);
    }

    private static void sendCut(ServerProbe probe, RandomGenerator random) {
        int at = 0;
        while (at < INPUT.length()) {
            int end = Math.min(INPUT.length(), at + 1 + random.nextInt(40));
            probe.send(INPUT.substring(at, end));
            at = end;
        }
    }

    /** What was read and written, as one text. */
    private static String read(Consumer<ServerProbe> sender) {
        ServerProbe probe = ServerProbe.http1();
        StringBuilder seen = new StringBuilder();
        probe.onStream = stream -> answer(stream, seen);
        sender.accept(probe);
        seen.append(probe.refusals).append(probe.received());
        probe.finish();
        return seen.toString();
    }

    private static void answer(ServerStream stream, StringBuilder seen) {
        seen.append(stream.request().path()).append(' ');
        if (stream.requestEnded()) {
            respond(stream, seen);
            return;
        }
        stream.requestBody()
                .start(
                        new BodyReceiver() {
                            @Override
                            public void onData(ByteBuf data, boolean last) {
                                seen.append(data.toString(StandardCharsets.ISO_8859_1));
                                data.release();
                                if (last) {
                                    respond(stream, seen);
                                }
                            }

                            @Override
                            public void onTrailers(HeaderBlock trailers) {
                                seen.append(trailers);
                                respond(stream, seen);
                            }

                            @Override
                            public void onReset(StreamReset reset) {
                                seen.append(reset);
                            }
                        });
    }

    private static void respond(ServerStream stream, StringBuilder seen) {
        seen.append('\n');
        stream.respond(new ResponseHead(200, new HeaderBlock()), /* ended= */ true);
    }
}
