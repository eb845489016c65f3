package dev.sluice.bench.control.fleet;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 with calls of gRPC, as far as a simulated sidecar needs it: streams in
 * both directions that stay open. A thousand of them are to cost little beside what they measure,
 * so frames are read and written here, header blocks are written without compression and not read,
 * and what is said while something is being read leaves in one piece. Owned by its event loop.
 */
final class Wire extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int ACK = 1; // of SETTINGS and PING
    private static final int END_STREAM = 1; // of DATA and HEADERS
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;

    private static final int FRAME_HEAD = 9;
    private static final int MESSAGE_HEAD = 5;
    private static final int LARGEST_FRAME = 16_384;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int FIRST_WINDOW = 65_535;

    /** Room that the server has, of the connection and of each stream. */
    private static final int WINDOW = 1 << 20;

    private final String authority;
    private final Consumer<String> broken;
    private final List<Call> calls = new ArrayList<>();
    private final Window sending = new Window(FIRST_WINDOW);
    private ByteBuf out = Unpooled.buffer(1_024);
    private ByteBuf begun = Unpooled.EMPTY_BUFFER; // frame that is not whole yet
    private @Nullable ChannelHandlerContext context; // null: not connected
    private int firstWindow = FIRST_WINDOW; // of streams
    private int taken; // octets of the connection since its room was given back
    private boolean isReading;
    private boolean isCut;

    /**
     * Takes words before it is connected.
     *
     * @param broken is told once why it can't go on
     */
    Wire(String authority, Consumer<String> broken) {
        this.authority = authority;
        this.broken = broken;
        out.writeBytes(PREFACE);
        head(6, SETTINGS, 0, 0);
        out.writeShort(INITIAL_WINDOW_SIZE).writeInt(WINDOW);
        giveBack(0, WINDOW - FIRST_WINDOW);
    }

    /** Octets that may be sent. */
    private static final class Window {
        private long left;

        Window(int size) {
            left = size;
        }

        void take(int octets) {
            left -= octets;
            if (left < 0) {
                throw new IllegalStateException("the control plane takes no more of a sidecar");
            }
        }
    }

    /** A call of which both sides stay open. */
    final class Call {
        private final int stream = 2 * calls.size() + 1;
        private final Window sending = new Window(firstWindow);
        private final Consumer<byte[]> taker;
        private ByteBuf begun = Unpooled.EMPTY_BUFFER; // message that is not whole yet
        private int taken;

        private Call(Consumer<byte[]> taker) {
            this.taker = taker;
        }

        /** Says this; it leaves with what else is said meanwhile. */
        void send(MessageLite message) {
            byte[] bytes = message.toByteArray();
            int size = MESSAGE_HEAD + bytes.length;
            if (size > LARGEST_FRAME) {
                throw new IllegalStateException("a message of " + bytes.length + " octets");
            }
            sending.take(size);
            Wire.this.sending.take(size);
            head(size, DATA, 0, stream);
            out.writeByte(0).writeInt(bytes.length).writeBytes(bytes);
            flush();
        }

        private void took(ByteBuf data) {
            int size = data.readableBytes();
            taken += size;
            if (taken > WINDOW / 2) {
                giveBack(stream, taken);
                taken = 0;
            }
            ByteBuf messages = after(begun, data);
            while (messages.readableBytes() >= MESSAGE_HEAD) {
                int length = messages.getInt(messages.readerIndex() + 1);
                if (messages.readableBytes() < MESSAGE_HEAD + length) {
                    break;
                }
                if (messages.readByte() != 0) {
                    throw new IllegalStateException("a compressed message");
                }
                byte[] message = new byte[length];
                messages.skipBytes(MESSAGE_HEAD - 1).readBytes(message);
                taker.accept(message);
            }
            begun = rest(messages);
        }
    }

    /**
     * Opens a call.
     *
     * @param path of its method
     * @param taker of each message of the server
     */
    Call call(String path, Consumer<byte[]> taker) {
        Call call = new Call(taker);
        calls.add(call);
        int head = out.writerIndex();
        head(0, HEADERS, END_HEADERS, call.stream);
        int block = out.writerIndex();
        out.writeByte(0x83).writeByte(0x86); // :method POST, :scheme http
        out.writeByte(0x04); // :path
        text(path);
        out.writeByte(0x01); // :authority
        text(authority);
        out.writeByte(0x0f).writeByte(0x10); // content-type
        text("application/grpc");
        out.writeByte(0x00);
        text("te");
        text("trailers");
        out.setMedium(head, out.writerIndex() - block);
        flush();
        return call;
    }

    /** Ends it at once. */
    void cut() {
        isCut = true;
        if (context != null) {
            var unused = context.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        if (isCut) {
            var unused = active.close();
        } else {
            flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object read) {
        isReading = true;
        ByteBuf octets = (ByteBuf) read;
        try {
            ByteBuf frames = after(begun, octets);
            while (frames.readableBytes() >= FRAME_HEAD) {
                int length = frames.getUnsignedMedium(frames.readerIndex());
                if (frames.readableBytes() < FRAME_HEAD + length) {
                    break;
                }
                int type = frames.skipBytes(3).readUnsignedByte();
                int flags = frames.readUnsignedByte();
                int stream = frames.readInt() & Integer.MAX_VALUE;
                frame(type, flags, stream, frames.readSlice(length));
            }
            begun = rest(frames);
        } finally {
            octets.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        isReading = false;
        flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        broken.accept("the connection is closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
        broken.accept(cause.toString());
        var unused = failing.close();
    }

    private void frame(int type, int flags, int stream, ByteBuf payload) {
        switch (type) {
            case DATA -> data(flags, stream, payload);
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    settings(payload);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    head(payload.readableBytes(), PING, ACK, 0);
                    out.writeBytes(payload);
                }
            }
            case WINDOW_UPDATE -> {
                Window window = stream == 0 ? sending : call(stream).sending;
                window.left += payload.readInt();
            }
            case RST_STREAM, GOAWAY -> broken.accept("frame " + type + " of stream " + stream);
            default -> {} // header blocks, unless they end a call
        }
        if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
            broken.accept("stream " + stream + " has ended");
        }
    }

    private void data(int flags, int stream, ByteBuf payload) {
        if ((flags & PADDED) != 0) {
            throw new IllegalStateException("a padded frame");
        }
        taken += payload.readableBytes();
        if (taken > WINDOW / 2) {
            giveBack(0, taken);
            taken = 0;
        }
        call(stream).took(payload);
    }

    private void settings(ByteBuf payload) {
        while (payload.isReadable()) {
            int setting = payload.readUnsignedShort();
            int value = payload.readInt();
            if (setting == INITIAL_WINDOW_SIZE) {
                calls.forEach(call -> call.sending.left += value - firstWindow);
                firstWindow = value;
            }
        }
        head(0, SETTINGS, ACK, 0);
    }

    private Call call(int stream) {
        return calls.get(stream / 2);
    }

    private void giveBack(int stream, int octets) {
        head(4, WINDOW_UPDATE, 0, stream);
        out.writeInt(octets);
    }

    private void head(int length, int type, int flags, int stream) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    /** Literally; lengths of seven bits do. */
    private void text(String text) {
        out.writeByte(text.length()).writeBytes(ascii(text));
    }

    private void flush() {
        if (context != null && !isReading && out.isReadable()) {
            var unused = context.writeAndFlush(out, context.voidPromise());
            out = context.alloc().directBuffer(256);
        }
    }

    private static ByteBuf after(ByteBuf left, ByteBuf next) {
        return left.isReadable()
                ? Unpooled.buffer(left.readableBytes() + next.readableBytes())
                        .writeBytes(left)
                        .writeBytes(next)
                : next;
    }

    /** What can't be read yet; on the heap, so that nobody has to release it. */
    private static ByteBuf rest(ByteBuf read) {
        return read.isReadable() ? Unpooled.copiedBuffer(read) : Unpooled.EMPTY_BUFFER;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
