package dev.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads server name and offered protocols out of a ClientHello (RFC 8446 section 4.1.2, RFC 6066
 * section 3, RFC 7301), however its bytes are cut into records and packets. What is no TLS is plain
 * text; a ClientHello that breaks its own lengths is malformed. Pure.
 */
final class TlsInspector implements Inspection.Filter {
    /** As Envoy: a ClientHello has at most 16 KiB. */
    static final int LARGEST = 16 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;

    @Override
    public Inspection inspect(ByteBuf seen, ConnectionFacts facts) {
        if (!seen.isReadable()) {
            return new Inspection.More();
        }
        int start = seen.readerIndex();
        if (seen.getByte(start) != HANDSHAKE
                || (seen.readableBytes() > 1 && seen.getByte(start + 1) != 3)) {
            return new Inspection.Found(facts, 0);
        }
        ByteBuf hello = seen.alloc().buffer();
        try {
            return switch (assemble(seen, hello)) {
                case MORE -> new Inspection.More();
                case MALFORMED -> new Inspection.Malformed("a ClientHello that is none");
                case WHOLE -> read(hello, facts);
            };
        } finally {
            hello.release();
        }
    }

    private enum Assembly {
        MORE,
        MALFORMED,
        WHOLE
    }

    /** Joins the fragments of the handshake message that are in the records. */
    private static Assembly assemble(ByteBuf seen, ByteBuf hello) {
        int at = seen.readerIndex();
        int end = seen.writerIndex();
        while (end - at >= RECORD_HEADER) {
            int length = seen.getUnsignedShort(at + 3);
            if (seen.getByte(at) != HANDSHAKE || length == 0 || length > LARGEST) {
                return Assembly.MALFORMED;
            }
            int here = Math.min(length, end - at - RECORD_HEADER);
            hello.writeBytes(seen, at + RECORD_HEADER, here);
            at += RECORD_HEADER + length;
            if (hello.readableBytes() < 4) {
                continue;
            }
            int wanted = hello.getUnsignedMedium(1);
            if (hello.getByte(0) != CLIENT_HELLO || wanted > LARGEST) {
                return Assembly.MALFORMED;
            }
            if (hello.readableBytes() >= 4 + wanted) {
                hello.readerIndex(4).writerIndex(4 + wanted);
                return Assembly.WHOLE;
            }
        }
        return Assembly.MORE;
    }

    private static Inspection read(ByteBuf hello, ConnectionFacts facts) {
        try {
            hello.skipBytes(2 + 32);
            hello.skipBytes(hello.readUnsignedByte());
            hello.skipBytes(hello.readUnsignedShort());
            hello.skipBytes(hello.readUnsignedByte());
            return extensions(
                    hello.isReadable() ? hello.readSlice(hello.readUnsignedShort()) : hello, facts);
        } catch (IndexOutOfBoundsException cut) {
            return new Inspection.Malformed("a ClientHello that breaks its lengths");
        }
    }

    private static Inspection extensions(ByteBuf all, ConnectionFacts facts) {
        String name = "";
        List<String> protocols = List.of();
        while (all.isReadable()) {
            int type = all.readUnsignedShort();
            ByteBuf content = all.readSlice(all.readUnsignedShort());
            if (type == SERVER_NAME && content.isReadable()) {
                name = serverName(content.readSlice(content.readUnsignedShort()));
            } else if (type == ALPN && content.isReadable()) {
                protocols = protocols(content.readSlice(content.readUnsignedShort()));
            }
        }
        return new Inspection.Found(facts.secured(name, protocols), 0);
    }

    private static String serverName(ByteBuf list) {
        while (list.isReadable()) {
            int type = list.readUnsignedByte();
            String name = text(list.readSlice(list.readUnsignedShort()));
            if (type == 0) {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static List<String> protocols(ByteBuf list) {
        List<String> names = new ArrayList<>();
        while (list.isReadable()) {
            names.add(text(list.readSlice(list.readUnsignedByte())));
        }
        return names;
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
