package dev.sluice.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec.Without;
import dev.sluice.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listener filters read out of first bytes, however these are cut. */
@ExtendWith(LeakCheck.class)
class ListenerFilterTest {
    private static final ConnectionFacts FACTS =
            ConnectionFacts.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2));
    private static final Inspection.Filter PROXY = new ProxyProtocolFilter(Without.CLOSED);

    private static Inspection inspect(Inspection.Filter filter, byte[] bytes) {
        ByteBuf seen = Unpooled.copiedBuffer(bytes);
        try {
            Inspection found = filter.inspect(seen, FACTS);
            assertThat(seen.readableBytes()).as("nothing was taken").isEqualTo(bytes.length);
            return found;
        } finally {
            seen.release();
        }
    }

    private static Inspection inspect(Inspection.Filter filter, String text) {
        return inspect(filter, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] clientHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("Www.Example.Com")));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The same handshake message in records of this many bytes. */
    private static byte[] fragmented(byte[] hello, int size) {
        ByteBuf out = Unpooled.buffer();
        for (int at = 5; at < hello.length; at += size) {
            int length = Math.min(size, hello.length - at);
            out.writeBytes(hello, 0, 3).writeShort(length).writeBytes(hello, at, length);
        }
        return Arrays.copyOf(out.array(), out.writerIndex());
    }

    @Test
    void a_client_hello_says_name_and_protocols_once_it_is_whole() throws Exception {
        byte[] hello = clientHello();
        for (byte[] bytes : List.of(hello, fragmented(hello, 7))) {
            for (int length = 0; length < bytes.length; length++) {
                assertThat(inspect(new TlsInspector(), Arrays.copyOf(bytes, length)))
                        .as("%d of %d bytes", length, bytes.length)
                        .isEqualTo(new Inspection.More());
            }
            assertThat(inspect(new TlsInspector(), bytes))
                    .as("the whole")
                    .isEqualTo(
                            new Inspection.Found(
                                    FACTS.secured("www.example.com", List.of("h2", "http/1.1")),
                                    0));
        }
    }

    @Test
    void what_is_no_tls_is_plain_text() {
        assertThat(inspect(new TlsInspector(), "GET / HTTP/1.1"))
                .isEqualTo(new Inspection.Found(FACTS, 0));
    }

    @Test
    void a_torn_client_hello_is_malformed_and_none_is_read_for_ever() throws Exception {
        byte[] hello = clientHello();
        SplittableRandom random = new SplittableRandom(11);
        int malformed = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] torn = hello.clone();
            for (int i = 0; i < 1 + round % 4; i++) {
                torn[5 + random.nextInt(torn.length - 5)] = (byte) random.nextInt(256);
            }
            if (inspect(new TlsInspector(), torn) instanceof Inspection.Malformed) {
                malformed++;
            }
        }
        assertThat(malformed).as("torn ones that were found out").isPositive();
        byte[] endless = new byte[5];
        endless[0] = 22;
        endless[1] = 3;
        assertThat(inspect(new TlsInspector(), endless)).isInstanceOf(Inspection.Malformed.class);
    }

    @Test
    void http_is_told_by_preface_or_request_line() {
        assertThat(inspect(new HttpInspector(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
                .isEqualTo(new Inspection.Found(FACTS.speaking("h2c"), 0));
        assertThat(inspect(new HttpInspector(), "PRI * HT")).isEqualTo(new Inspection.More());
        assertThat(inspect(new HttpInspector(), "GET /a HTTP/1.1\r\n"))
                .isEqualTo(new Inspection.Found(FACTS.speaking("http/1.1"), 0));
        assertThat(inspect(new HttpInspector(), "GET /a HTTP/1.0\r\n"))
                .isEqualTo(new Inspection.Found(FACTS.speaking("http/1.0"), 0));
        assertThat(inspect(new HttpInspector(), "EHLO mail.example.com\r\n"))
                .as("something else")
                .isEqualTo(new Inspection.Found(FACTS, 0));
    }

    private static ConnectionFacts told(String client, int from, String reached, int to) {
        return FACTS.between(
                new InetSocketAddress(InetAddress.ofLiteral(client), from),
                new InetSocketAddress(InetAddress.ofLiteral(reached), to));
    }

    @Test
    void version_1_tells_both_ends() {
        String four = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
        String six = "PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n";

        assertThat(inspect(PROXY, four + "GET"))
                .isEqualTo(
                        new Inspection.Found(
                                told("192.0.2.7", 56_324, "198.51.100.1", 443), four.length()));
        assertThat(inspect(PROXY, six))
                .isEqualTo(
                        new Inspection.Found(
                                told("2001:db8::7", 1, "2001:db8::1", 65_535), six.length()));
        assertThat(inspect(PROXY, "PROXY UNKNOWN\r\n"))
                .as("unknown keeps the connection's own")
                .isEqualTo(new Inspection.Found(FACTS, 15));
        for (int length = 0; length < four.length(); length++) {
            assertThat(inspect(PROXY, four.substring(0, length)))
                    .as("%d bytes", length)
                    .isEqualTo(new Inspection.More());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 65536\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
                "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n"
            })
    void what_is_no_header_of_version_1_is_malformed(String text) {
        assertThat(inspect(PROXY, text)).isInstanceOf(Inspection.Malformed.class);
    }

    @Test
    void a_line_without_end_is_malformed_at_107_bytes() {
        assertThat(inspect(PROXY, "PROXY " + "x".repeat(101)))
                .isInstanceOf(Inspection.Malformed.class);
    }

    private static byte[] version2(int command, int family, byte[] addresses) {
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(
                new byte[] {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a});
        out.writeByte(command).writeByte(family).writeShort(addresses.length).writeBytes(addresses);
        return Arrays.copyOf(out.array(), out.writerIndex());
    }

    @Test
    void version_2_tells_both_ends_and_its_tlvs_are_skipped() {
        byte[] four = {
            (byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, 0, 80, 1, (byte) 187, 4, 0, 1, 9
        };
        byte[] header = version2(0x21, 0x11, four);

        assertThat(inspect(PROXY, header))
                .isEqualTo(
                        new Inspection.Found(
                                told("192.0.2.7", 80, "198.51.100.1", 443), header.length));
        assertThat(inspect(PROXY, version2(0x20, 0x00, new byte[0])))
                .as("LOCAL")
                .isEqualTo(new Inspection.Found(FACTS, 16));
        assertThat(inspect(PROXY, version2(0x21, 0x21, new byte[36])))
                .as("IPv6")
                .isInstanceOf(Inspection.Found.class);
        assertThat(inspect(PROXY, version2(0x21, 0x12, new byte[12])))
                .as("datagrams that came over this connection")
                .isInstanceOf(Inspection.Found.class);
        for (int length = 0; length < header.length; length++) {
            assertThat(inspect(PROXY, Arrays.copyOf(header, length)))
                    .as("%d bytes", length)
                    .isEqualTo(new Inspection.More());
        }
    }

    @Test
    void a_wrong_header_of_version_2_is_malformed() {
        assertThat(inspect(PROXY, version2(0x31, 0x11, new byte[12])))
                .as("version")
                .isInstanceOf(Inspection.Malformed.class);
        assertThat(inspect(PROXY, version2(0x21, 0x11, new byte[11])))
                .as("too short")
                .isInstanceOf(Inspection.Malformed.class);
        assertThat(inspect(PROXY, version2(0x21, 0x31, new byte[216])))
                .as("UNIX sockets")
                .isInstanceOf(Inspection.Malformed.class);
        assertThat(inspect(PROXY, version2(0x21, 0x13, new byte[12])))
                .as("a transport that is none")
                .isInstanceOf(Inspection.Malformed.class);
        assertThat(inspect(PROXY, version2(0x21, 0x11, new byte[9_000])))
                .as("too long")
                .isInstanceOf(Inspection.Malformed.class);
    }
}
