package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.Relay;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.tcp.TcpConnection;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HEADERS on a stream that can take none, frame by frame. */
@ExtendWith(LeakCheck.class)
class StreamOrderIT {
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;

    private H1Upstream upstream;
    private Relay relay;
    private TcpConnection client;

    @BeforeEach
    void start() throws IOException {
        upstream = H1Upstream.start(_ -> H1Answer.ok("served"));
        relay = new Relay(1, Protocol.HTTP1, upstream.address());
        client =
                TcpConnection.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.port()));
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        relay.close();
        upstream.close();
    }

    /** A whole request without a body: GET / of host h. */
    private void request(int streamId) throws IOException {
        String length = "000006";
        String endStreamAndHeaders = "05";
        client.send(
                HexFormat.of()
                        .parseHex(
                                length
                                        + "01"
                                        + endStreamAndHeaders
                                        + "%08x".formatted(streamId)
                                        + "828684"
                                        + "410168"));
    }

    /** What follows the next frame of a type on a stream. */
    private byte[] await(int type, int streamId) throws IOException {
        while (true) {
            byte[] head = client.read(9);
            byte[] payload = client.read((head[1] & 0xff) << 8 | (head[2] & 0xff));
            if (head[3] == type && head[8] == streamId) {
                return payload;
            }
        }
    }

    private static int code(byte[] payload) {
        return payload[payload.length - 1];
    }

    @Test
    void headers_after_the_end_of_the_request_reset_the_stream() throws IOException {
        request(1);
        request(1);

        assertThat(code(await(RST_STREAM, 1))).isEqualTo((int) Http2Error.STREAM_CLOSED.code());
    }

    @Test
    void headers_after_the_answer_end_the_connection() throws IOException {
        request(1);
        await(HEADERS, 1);
        await(/* type= */ 0, 1);

        request(1);

        assertThat(await(GOAWAY, 0)[7]).isEqualTo((byte) Http2Error.STREAM_CLOSED.code());
    }

    @Test
    void a_stream_that_was_passed_over_cannot_be_opened() throws IOException {
        request(5);
        request(3);

        assertThat(await(GOAWAY, 0)[7]).isEqualTo((byte) Http2Error.PROTOCOL_ERROR.code());
    }

    @Test
    void headers_after_a_reset_do_no_harm() throws IOException {
        request(1);
        client.send(HexFormat.of().parseHex("000004" + "03" + "00" + "00000001" + "00000008"));
        request(1);

        request(3);

        assertThat(await(HEADERS, 3)).as("an answer on the same connection").isNotEmpty();
    }
}
