package dev.sluice.proxy.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever peers send over HTTP/2. */
@ExtendWith(LeakCheck.class)
class Http2FuzzTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String SETTINGS = "000000040000000000";

    static Stream<byte[]> frames() {
        return Stream.of(
                        SETTINGS,
                        // GET http://h/ by the static table; :authority as a literal
                        SETTINGS + "000006010500000001" + "828684410168",
                        SETTINGS
                                + "000006010400000001"
                                + "838684410168"
                                + "000003000100000001616263",
                        SETTINGS + "000006010100000001" + "828684410168" + "000000090400000001",
                        SETTINGS + "000004030000000001" + "00000008",
                        SETTINGS + "000004080000000000" + "00000001",
                        SETTINGS + "000008060000000000" + "0000000000000000",
                        SETTINGS + "000008070000000000" + "0000000000000000",
                        "000006040000000000" + "000400000000")
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "90s")
    void no_client_breaks_the_server(byte[] input) {
        ServerProbe probe = ServerProbe.http1();
        probe.onStream =
                stream ->
                        stream.respond(new ResponseHead(204, new HeaderBlock()), /* ended= */ true);
        probe.send(PREFACE);
        if (input.length > 0 && probe.channel.isOpen()) {
            probe.send(new String(input, StandardCharsets.ISO_8859_1));
        }
        probe.channel.checkException();
        probe.received();
        probe.finish();
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "90s")
    void no_server_breaks_the_client(byte[] input) {
        EmbeddedChannel channel = new EmbeddedChannel();
        ClientConnection connection = ClientCodec.DEFAULT.install(channel, Protocol.HTTP2);
        connection.open(
                new RequestHead("GET", "http", "h", "/", new HeaderBlock()),
                /* ended= */ true,
                new IgnoredAnswer());
        if (input.length > 0) {
            channel.writeInbound(ServerProbe.bytes(new String(input, StandardCharsets.ISO_8859_1)));
        }
        channel.checkException();
        channel.finishAndReleaseAll();
    }
}
