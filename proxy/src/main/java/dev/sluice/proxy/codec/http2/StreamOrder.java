package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Refuses HEADERS of a client on a stream that can take none, with the error that RFC 9113 section
 * 5.1 names, and counts what a client may send only so much of. Netty's decoder forgets a stream
 * when it closes, and so answers all of them alike. Loop-owned.
 *
 * <table>
 * <caption>What HEADERS mean by the state of their stream</caption>
 * <tr><td>the client has ended it</td><td>stream error STREAM_CLOSED</td></tr>
 * <tr><td>either side has reset it</td><td>stream error STREAM_CLOSED (Netty's own)</td></tr>
 * <tr><td>both sides have ended it</td><td>connection error STREAM_CLOSED</td></tr>
 * <tr><td>a later stream was opened in its place</td><td>connection error PROTOCOL_ERROR</td></tr>
 * </table>
 */
final class StreamOrder extends Http2ConnectionAdapter implements Http2FrameReader {
    /** Frames that were on their way when a stream was reset arrive within so many streams. */
    private static final int MOST_RESETS = 256;

    private static final int MOST_GAPS = 16;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final Deque<Integer> resets = new ArrayDeque<>(0);
    private final Deque<Gap> gaps = new ArrayDeque<>(0);
    private final FloodGuard guard;
    private @Nullable Checked checked;
    private boolean forgetful;

    /** Stream ids that the client has passed over, both ends included. */
    private record Gap(int first, int last) {
        boolean has(int streamId) {
            return first <= streamId && streamId <= last;
        }
    }

    /**
     * @param guard says what a client may send
     */
    StreamOrder(Http2FrameReader reader, Http2Connection connection, FloodGuard guard) {
        this.reader = reader;
        this.guard = guard;
        this.connection = connection;
        connection.addListener(this);
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf input, Http2FrameListener listener)
            throws Http2Exception {
        Checked known = checked;
        if (known == null || known.to != listener) {
            known = new Checked(listener, guard.allowance(context));
            checked = known;
        }
        reader.readFrame(context, input, known);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        if (stream.isResetSent()) {
            rememberReset(stream.id());
        }
    }

    private void rememberReset(int streamId) {
        if (resets.size() == MOST_RESETS) {
            resets.removeFirst();
            forgetful = true;
        }
        resets.addLast(streamId);
    }

    private void check(int streamId) throws Http2Exception {
        if (streamId > connection.remote().lastStreamCreated()) {
            return;
        }
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            checkGone(streamId);
        } else if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.STREAM_CLOSED, "HEADERS after END_STREAM");
        }
    }

    private void rememberGap(int before, int now) {
        int first = Math.max(1, before + 2);
        if (now > first && gaps.size() < MOST_GAPS) {
            gaps.addLast(new Gap(first, now - 2));
        }
    }

    private void checkGone(int streamId) throws Http2Exception {
        if (forgetful || resets.contains(streamId)) {
            return;
        }
        for (Gap gap : gaps) {
            if (gap.has(streamId)) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR,
                        "stream %s is opened after a later one",
                        streamId);
            }
        }
        throw Http2Exception.connectionError(
                Http2Error.STREAM_CLOSED, "HEADERS on stream %s, which has ended", streamId);
    }

    /** The rest of the way of HEADERS. */
    @FunctionalInterface
    private interface Rest {
        void read() throws Http2Exception;
    }

    private void headers(int streamId, Rest rest) throws Http2Exception {
        check(streamId);
        int before = connection.remote().lastStreamCreated();
        if (streamId > before && checked != null) {
            checked.allowance.streamOpened();
        }
        try {
            rest.read();
        } catch (Http2Exception.StreamException refused) {
            rememberReset(streamId);
            throw refused;
        } finally {
            rememberGap(before, connection.remote().lastStreamCreated());
        }
    }

    /** Looks at HEADERS and RST_STREAM on their way to the decoder. */
    private final class Checked extends Http2FrameListenerDecorator {
        private final Http2FrameListener to;
        private final FrameAllowance allowance;

        Checked(Http2FrameListener to, FrameAllowance allowance) {
            super(new CountedFrames(to, allowance));
            this.to = to;
            this.allowance = allowance;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int streamId,
                Http2Headers headers,
                int padding,
                boolean endStream)
                throws Http2Exception {
            headers(
                    streamId,
                    () -> to.onHeadersRead(context, streamId, headers, padding, endStream));
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int streamId,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endStream)
                throws Http2Exception {
            headers(
                    streamId,
                    () ->
                            to.onHeadersRead(
                                    context,
                                    streamId,
                                    headers,
                                    dependency,
                                    weight,
                                    exclusive,
                                    padding,
                                    endStream));
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int streamId, long code)
                throws Http2Exception {
            if (connection.stream(streamId) != null) {
                rememberReset(streamId);
            }
            super.onRstStreamRead(context, streamId, code);
        }
    }
}
