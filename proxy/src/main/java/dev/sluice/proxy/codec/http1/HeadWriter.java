package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Puts a head together in an array that each loop reuses, and copies it once into a buffer. A
 * control character in text that another step made up is written as a blank (RFC 9110 section 5.5),
 * so that no value can start a line of its own. Loop-owned.
 */
final class HeadWriter {
    private static final FastThreadLocal<HeadWriter> OF_LOOP =
            new FastThreadLocal<>() {
                @Override
                protected HeadWriter initialValue() {
                    return new HeadWriter();
                }
            };
    private static final AsciiString TE_TRAILERS =
            AsciiString.cached("te: trailers\r\nconnection: te\r\n");

    /** Room behind a head, in which a small body is sent along. */
    private static final int BODY_ROOM = 1024;

    private byte[] bytes = new byte[4096];
    private int length;

    private HeadWriter() {}

    /** An empty head. */
    static HeadWriter start() {
        HeadWriter writer = OF_LOOP.get();
        writer.length = 0;
        return writer;
    }

    /** Text of the codec itself. */
    HeadWriter ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** Text of the message: one byte each char. */
    HeadWriter text(CharSequence text) {
        int size = text.length();
        room(size);
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, size);
            length += size;
            return this;
        }
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            bytes[length++] = c < ' ' && c != '\t' ? (byte) ' ' : (byte) c;
        }
        return this;
    }

    HeadWriter field(CharSequence name, CharSequence value) {
        text(name);
        room(4);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        text(value);
        room(2);
        bytes[length++] = Octets.CR;
        bytes[length++] = Octets.LF;
        return this;
    }

    /** All end-to-end fields; {@code te} takes {@code connection} along. */
    HeadWriter fields(HeaderBlock fields) {
        for (int i = 0; i < fields.size(); i++) {
            CharSequence name = fields.name(i);
            if (name == HeaderNames.TE) {
                text(TE_TRAILERS);
            } else if (!HopByHop.isConnectionSpecific(name)) {
                field(name, fields.value(i));
            }
        }
        return this;
    }

    /** Ends the head with its empty line; the buffer has room for a small body. */
    ByteBuf end(Wire wire) {
        room(2);
        bytes[length++] = Octets.CR;
        bytes[length++] = Octets.LF;
        return wire.context().alloc().buffer(length + BODY_ROOM).writeBytes(bytes, 0, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
