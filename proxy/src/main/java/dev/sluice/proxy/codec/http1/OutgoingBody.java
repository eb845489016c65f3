package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;

/**
 * The body that goes out on a connection in the framing that its head announced. A body that does
 * not keep its announced length fails and never ends cleanly. Loop-owned.
 */
final class OutgoingBody implements BodySink {
    /** The connection that the body goes out on. */
    interface Owner {
        /** The last byte is written. */
        void onSent();

        /** No more comes, and what was sent is not a whole message. */
        void onSendFailed(StreamReset reset);
    }

    private static final int COPIED_UP_TO = 1024;
    private static final int CHUNK_OVERHEAD = 24;
    private static final AsciiString CRLF = AsciiString.cached("\r\n");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n\r\n");

    private final Wire wire;
    private final Owner owner;
    private final BodyFraming framing;
    private final boolean takesTrailers;
    private long left;
    private boolean over;
    private Runnable onWritable = () -> {};

    OutgoingBody(Wire wire, BodyFraming framing, boolean takesTrailers, Owner owner) {
        this.wire = wire;
        this.owner = owner;
        this.framing = framing;
        this.takesTrailers = takesTrailers;
        left = framing instanceof BodyFraming.Length(long bytes) ? bytes : Long.MAX_VALUE;
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        if (over) {
            data.release();
            return;
        }
        switch (framing) {
            case BodyFraming.None _ -> data.release();
            case BodyFraming.Length(long announced) -> {
                if (!writeWithin(data, announced)) {
                    return;
                }
            }
            case BodyFraming.UntilClose _ -> write(data);
            case BodyFraming.Chunked _ -> writeChunk(data, last);
        }
        if (last) {
            finish();
        }
    }

    @Override
    public void trailers(HeaderBlock trailers) {
        if (over) {
            return;
        }
        if (framing instanceof BodyFraming.Chunked) {
            if (takesTrailers) {
                wire.write(HeadWriter.start().ascii("0\r\n").fields(trailers).end(wire));
            } else {
                wire.write(text(LAST_CHUNK));
            }
        }
        finish();
    }

    @Override
    public void reset(StreamReset reset) {
        if (!over) {
            over = true;
            owner.onSendFailed(reset);
        }
    }

    @Override
    public boolean isWritable() {
        return over || wire.isWritable();
    }

    @Override
    public void onWritable(Runnable callback) {
        onWritable = callback;
    }

    /** The channel takes more again. */
    void writable() {
        if (!over) {
            onWritable.run();
        }
    }

    boolean isOver() {
        return over;
    }

    /** What is still given is thrown away and nobody is told. */
    void detach() {
        over = true;
    }

    private void finish() {
        if (framing instanceof BodyFraming.Length(long announced) && left > 0) {
            long sent = announced - left;
            reset(wrongLength(sent + " bytes", announced));
            return;
        }
        over = true;
        owner.onSent();
    }

    private boolean writeWithin(ByteBuf data, long announced) {
        int bytes = data.readableBytes();
        if (bytes > left) {
            data.release();
            reset(wrongLength("more", announced));
            return false;
        }
        left -= bytes;
        write(data);
        return true;
    }

    private static StreamReset wrongLength(String got, long announced) {
        return new StreamReset(
                Cause.PROTOCOL_ERROR,
                /* unprocessed= */ false,
                "body of " + got + " (expected: content-length " + announced + ")");
    }

    private void write(ByteBuf data) {
        if (data.isReadable()) {
            wire.write(data);
        } else {
            data.release();
        }
    }

    private void writeChunk(ByteBuf data, boolean last) {
        int bytes = data.readableBytes();
        if (bytes == 0) {
            data.release();
            if (last) {
                wire.write(text(LAST_CHUNK));
            }
            return;
        }
        boolean copied = bytes <= COPIED_UP_TO;
        ByteBuf around = wire.context().alloc().buffer(CHUNK_OVERHEAD + (copied ? bytes : 0));
        writeSize(around, bytes);
        if (copied) {
            around.writeBytes(data);
            data.release();
            append(around, last);
            wire.write(around);
            return;
        }
        wire.write(around);
        wire.write(data);
        ByteBuf end = wire.context().alloc().buffer(CHUNK_OVERHEAD);
        append(end, last);
        wire.write(end);
    }

    private static void append(ByteBuf to, boolean last) {
        put(to, CRLF);
        if (last) {
            put(to, LAST_CHUNK);
        }
    }

    private static void writeSize(ByteBuf to, int size) {
        int shift = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
        for (; shift >= 0; shift -= 4) {
            to.writeByte(Character.forDigit(size >>> shift & 0xf, 16));
        }
        put(to, CRLF);
    }

    private static ByteBuf text(AsciiString text) {
        return Unpooled.wrappedBuffer(text.array(), text.arrayOffset(), text.length());
    }

    private static void put(ByteBuf to, AsciiString text) {
        to.writeBytes(text.array(), text.arrayOffset(), text.length());
    }
}
