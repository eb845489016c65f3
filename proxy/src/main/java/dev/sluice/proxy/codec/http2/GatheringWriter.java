package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays HEADERS and small DATA of one flush into one buffer, so that the answers of many streams
 * leave as one piece of memory: a buffer, a promise and an entry in {@code writev} for each frame
 * cost more than copying a few hundred bytes. Loop-owned.
 *
 * <p><b>Order.</b> Every other frame, and DATA that is not worth a copy, first hands on what was
 * gathered. So does {@link #deliver}, which the flow controller calls when it has written all that
 * windows allow, and that is before each flush.
 *
 * <p><b>Reference counting.</b> DATA that is copied is released at once; the gathered buffer
 * belongs to the channel once it is handed on, and is released here when the connection ends
 * before.
 */
final class GatheringWriter extends DecoratingHttp2FrameWriter {
    private static final int FRAME_HEADER = 9;
    private static final int MOST_GATHERED = 16 * 1024;
    private static final int LEAST_CAPACITY = 512;

    /** What a header block is taken to need at most; a larger one makes the buffer grow. */
    private static final int USUAL_BLOCK = 1024;

    /** Over this, an entry in {@code writev} is cheaper than the copy. */
    private static final int MOST_COPIED = 4 * 1024;

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private final Http2HeadersEncoder headersEncoder;
    private final List<ChannelPromise> promises = new ArrayList<>();
    private @Nullable ByteBuf gathered;
    private @Nullable ChannelHandlerContext context;
    private int capacity = LEAST_CAPACITY;

    /**
     * @param writer writes what is not gathered
     * @param headersEncoder of {@code writer}, since both encode by one table
     */
    GatheringWriter(Http2FrameWriter writer, Http2HeadersEncoder headersEncoder) {
        super(writer);
        this.headersEncoder = headersEncoder;
    }

    /** Hands on what was gathered; it leaves with the next flush. */
    void deliver() {
        ByteBuf whole = gathered;
        ChannelHandlerContext known = context;
        if (whole == null || known == null) {
            return;
        }
        gathered = null;
        capacity = Math.clamp(whole.writerIndex(), LEAST_CAPACITY, MOST_GATHERED);
        ChannelPromise[] told = promises.toArray(ChannelPromise[]::new);
        promises.clear();
        known.write(whole)
                .addListener(written -> {
                    for (ChannelPromise promise : told) {
                        if (written.isSuccess()) {
                            promise.trySuccess();
                        } else {
                            promise.tryFailure(written.cause());
                        }
                    }
                });
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext to,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        int length = data.readableBytes();
        if (padding > 0 || length > MOST_COPIED) {
            deliver();
            return super.writeData(to, streamId, data, padding, endStream, promise);
        }
        ByteBuf into = room(to, FRAME_HEADER + length);
        frameHeader(into, length, Http2FrameTypes.DATA, endStream ? END_STREAM : 0, streamId);
        into.writeBytes(data);
        data.release();
        promises.add(promise);
        return promise;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        if (padding > 0) {
            deliver();
            return super.writeHeaders(to, streamId, headers, padding, endStream, promise);
        }
        ByteBuf into = room(to, USUAL_BLOCK);
        int start = into.writerIndex();
        try {
            into.writeZero(FRAME_HEADER);
            headersEncoder.encodeHeaders(streamId, headers, into);
        } catch (Http2Exception refused) {
            into.writerIndex(start);
            return promise.setFailure(refused);
        }
        int length = into.writerIndex() - start - FRAME_HEADER;
        int flags = endStream ? END_STREAM : 0;
        if (length > configuration().frameSizePolicy().maxFrameSize()) {
            continued(into, start, length, flags, streamId);
        } else {
            into.writerIndex(start);
            frameHeader(into, length, Http2FrameTypes.HEADERS, flags | END_HEADERS, streamId);
            into.writerIndex(start + FRAME_HEADER + length);
        }
        promises.add(promise);
        return promise;
    }

    /** Makes HEADERS and CONTINUATION of a header block that one frame can't hold. */
    private void continued(ByteBuf into, int start, int length, int flags, int streamId) {
        int most = configuration().frameSizePolicy().maxFrameSize();
        ByteBuf block = into.copy(start + FRAME_HEADER, length);
        into.writerIndex(start);
        byte type = Http2FrameTypes.HEADERS;
        while (block.isReadable()) {
            int part = Math.min(most, block.readableBytes());
            int last = part == block.readableBytes() ? END_HEADERS : 0;
            int first = type == Http2FrameTypes.HEADERS ? flags : 0;
            frameHeader(into, part, type, first | last, streamId);
            into.writeBytes(block, part);
            type = Http2FrameTypes.CONTINUATION;
        }
        block.release();
    }

    private static void frameHeader(ByteBuf into, int length, byte type, int flags, int streamId) {
        into.writeMedium(length);
        into.writeByte(type);
        into.writeByte(flags);
        into.writeInt(streamId);
    }

    /** The gathered buffer, or a new one, as large as the last became, when this one is full. */
    private ByteBuf room(ChannelHandlerContext to, int bytes) {
        context = to;
        ByteBuf known = gathered;
        if (known != null && known.writerIndex() + bytes > MOST_GATHERED) {
            deliver();
            known = null;
        }
        if (known == null) {
            known = to.alloc().buffer(capacity);
            gathered = known;
        }
        return known;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        deliver();
        return super.writeHeaders(
                to, streamId, headers, dependency, weight, exclusive, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext to, int streamId, long error, ChannelPromise promise) {
        deliver();
        return super.writeRstStream(to, streamId, error, promise);
    }

    @Override
    public ChannelFuture writeSettings(
            ChannelHandlerContext to, Http2Settings settings, ChannelPromise promise) {
        deliver();
        return super.writeSettings(to, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext to, ChannelPromise promise) {
        deliver();
        return super.writeSettingsAck(to, promise);
    }

    @Override
    public ChannelFuture writePing(
            ChannelHandlerContext to, boolean ack, long data, ChannelPromise promise) {
        deliver();
        return super.writePing(to, ack, data, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext to,
            int lastStreamId,
            long error,
            ByteBuf debug,
            ChannelPromise promise) {
        deliver();
        return super.writeGoAway(to, lastStreamId, error, debug, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext to, int streamId, int increment, ChannelPromise promise) {
        deliver();
        return super.writeWindowUpdate(to, streamId, increment, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext to,
            int streamId,
            int dependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        deliver();
        return super.writePriority(to, streamId, dependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext to,
            byte type,
            int streamId,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        deliver();
        return super.writeFrame(to, type, streamId, flags, payload, promise);
    }

    @Override
    public void close() {
        ByteBuf left = gathered;
        gathered = null;
        if (left != null) {
            left.release();
        }
        List<ChannelPromise> untold = List.copyOf(promises);
        promises.clear();
        IllegalStateException closed = new IllegalStateException("the connection has ended");
        untold.forEach(promise -> promise.tryFailure(closed));
        super.close();
    }
}
