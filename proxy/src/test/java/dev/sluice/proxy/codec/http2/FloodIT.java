package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.Relay;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.tcp.TcpConnection;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frames that cost a client nothing, by the thousand: the connection ends, and says why. */
@ExtendWith(LeakCheck.class)
class FloodIT {
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

    private static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts));
    }

    /** Head of GET / of host h on a stream, with these flags. */
    private static byte[] head(int streamId, String flags) {
        return hex("000006", "01", flags, "%08x".formatted(streamId), "828684", "410168");
    }

    private void send(int times, byte[] frame) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        client.send(all.toByteArray());
    }

    private void assertCalmed() throws IOException {
        while (true) {
            byte[] head = client.read(9);
            byte[] payload = client.read((head[1] & 0xff) << 8 | (head[2] & 0xff));
            if (head[3] == GOAWAY) {
                assertThat(payload[7]).isEqualTo((byte) Http2Error.ENHANCE_YOUR_CALM.code());
                return;
            }
        }
    }

    @Test
    void pings() throws IOException {
        send(2_000, hex("000008", "06", "00", "00000000", "0000000000000000"));
        assertCalmed();
    }

    @Test
    void settings() throws IOException {
        send(2_000, hex("000000", "04", "00", "00000000"));
        assertCalmed();
    }

    @Test
    void priorities() throws IOException {
        send(200, hex("000005", "02", "00", "00000003", "0000000010"));
        assertCalmed();
    }

    @Test
    void window_updates_that_nothing_was_sent_for() throws IOException {
        send(20, hex("000004", "08", "00", "00000000", "00000001"));
        assertCalmed();
    }

    @Test
    void empty_data() throws IOException {
        client.send(head(1, "04"));
        send(10, hex("000000", "00", "00", "00000001"));
        assertCalmed();
    }

    @Test
    void streams_that_are_opened_and_reset() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int streamId = 1; streamId < 1_000; streamId += 2) {
            all.writeBytes(head(streamId, "05"));
            all.writeBytes(hex("000004", "03", "00", "%08x".formatted(streamId), "00000008"));
        }
        client.send(all.toByteArray());
        assertCalmed();
    }

    @Test
    void small_continuations() throws IOException {
        client.send(hex("000003", "01", "01", "00000001", "828684"));
        send(40, hex("000000", "09", "00", "00000001"));
        assertCalmed();
    }
}
