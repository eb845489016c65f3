package dev.sluice.proxy.listen;

import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec.Without;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header of the PROXY protocol, versions 1 and 2 (HAProxy, proxy-protocol.txt of
 * 2020/03/05): who the client is and what it reached. {@code LOCAL} and {@code UNKNOWN} keep the
 * connection's own addresses; TLVs are skipped. Pure.
 */
final class ProxyProtocolFilter implements Inspection.Filter {
    private static final byte[] SIGNATURE_2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /** The longest line of version 1, with CR LF. */
    private static final int LONGEST_LINE = 107;

    /** As Envoy: longer headers of version 2 are refused. */
    private static final int LARGEST_2 = 8 * 1024;

    private static final int HEADER_2 = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;

    private static final Pattern LINE =
            Pattern.compile("PROXY (TCP4|TCP6) (\\S+) (\\S+) (\\d{1,5}) (\\d{1,5})");

    private final Without without;

    ProxyProtocolFilter(Without without) {
        this.without = without;
    }

    @Override
    public Inspection inspect(ByteBuf seen, ConnectionFacts facts) {
        if (startsLike(seen, SIGNATURE_2)) {
            return seen.readableBytes() < HEADER_2 ? new Inspection.More() : version2(seen, facts);
        }
        if (startsLike(seen, SIGNATURE_1)) {
            return seen.readableBytes() < SIGNATURE_1.length
                    ? new Inspection.More()
                    : version1(seen, facts);
        }
        return switch (without) {
            case SERVED -> new Inspection.Found(facts, 0);
            case CLOSED -> malformed("no header");
        };
    }

    private static boolean startsLike(ByteBuf seen, byte[] signature) {
        int known = Math.min(seen.readableBytes(), signature.length);
        byte[] begin = new byte[known];
        seen.getBytes(seen.readerIndex(), begin);
        return Arrays.equals(begin, 0, known, signature, 0, known);
    }

    private static Inspection version1(ByteBuf seen, ConnectionFacts facts) {
        int end = seen.bytesBefore((byte) '\n');
        if (end < 0) {
            return seen.readableBytes() >= LONGEST_LINE
                    ? malformed("a line without end")
                    : new Inspection.More();
        }
        if (end >= LONGEST_LINE || end == 0 || seen.getByte(seen.readerIndex() + end - 1) != '\r') {
            return malformed("a line that does not end in CR LF within 107 bytes");
        }
        String line = seen.toString(seen.readerIndex(), end - 1, StandardCharsets.US_ASCII);
        if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
            return new Inspection.Found(facts, end + 1);
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return malformed("a line that is none");
        }
        int length = matcher.group(1).equals("TCP4") ? 4 : 16;
        byte[] client = address(matcher.group(2), length);
        byte[] reached = address(matcher.group(3), length);
        int from = Integer.parseInt(matcher.group(4));
        int to = Integer.parseInt(matcher.group(5));
        if (client.length != length || reached.length != length || from > 65_535 || to > 65_535) {
            return malformed("addresses or ports that are none");
        }
        return found(facts, client, from, reached, to, end + 1);
    }

    /** Empty when the text is no address of this many bytes. */
    private static byte[] address(String text, int length) {
        boolean right =
                length == 4 ? NetUtil.isValidIpV4Address(text) : NetUtil.isValidIpV6Address(text);
        byte[] bytes = right ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        return bytes == null ? new byte[0] : bytes;
    }

    private static Inspection version2(ByteBuf seen, ConnectionFacts facts) {
        int start = seen.readerIndex();
        int command = seen.getUnsignedByte(start + 12);
        int family = seen.getUnsignedByte(start + 13);
        int length = seen.getUnsignedShort(start + 14);
        if ((command != LOCAL && command != PROXY) || length > LARGEST_2) {
            return malformed("version, command or length of version 2");
        }
        if (seen.readableBytes() < HEADER_2 + length) {
            return new Inspection.More();
        }
        int size = addressSize(family);
        if (command == LOCAL || family == 0) {
            return new Inspection.Found(facts, HEADER_2 + length);
        }
        if (size == 0 || length < 2 * size + 4) {
            return malformed("a family other than IPv4 or IPv6");
        }
        byte[] client = new byte[size];
        byte[] reached = new byte[size];
        int at = start + HEADER_2;
        seen.getBytes(at, client);
        seen.getBytes(at + size, reached);
        return found(
                facts,
                client,
                seen.getUnsignedShort(at + 2 * size),
                reached,
                seen.getUnsignedShort(at + 2 * size + 2),
                HEADER_2 + length);
    }

    /** Bytes of an address; 0 for a family that is not known, or a transport that is none. */
    private static int addressSize(int family) {
        int transport = family & 0x0f;
        if (transport != STREAM && transport != DATAGRAM) {
            return 0;
        }
        return switch (family >> 4) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            default -> 0;
        };
    }

    private static Inspection found(
            ConnectionFacts facts, byte[] client, int from, byte[] reached, int to, int consumed) {
        try {
            return new Inspection.Found(
                    facts.between(
                            new InetSocketAddress(InetAddress.getByAddress(client), from),
                            new InetSocketAddress(InetAddress.getByAddress(reached), to)),
                    consumed);
        } catch (UnknownHostException otherLength) {
            return malformed("an address of another length");
        }
    }

    private static Inspection malformed(String what) {
        return new Inspection.Malformed("PROXY protocol: " + what);
    }
}
