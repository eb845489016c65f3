package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringWriterTest {
    private static final int FRAME_HEADER = 9;
    private static final int CONTINUATION = 9;

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext context = channel.pipeline().firstContext();
    private final GatheringWriter writer = writer(encoder());
    private final List<ChannelFuture> written = new ArrayList<>();

    private static DefaultHttp2HeadersEncoder encoder() {
        return new DefaultHttp2HeadersEncoder(
                Http2HeadersEncoder.NEVER_SENSITIVE, /* ignoreMaxHeaderListSize= */ true);
    }

    private static GatheringWriter writer(DefaultHttp2HeadersEncoder encoder) {
        return new GatheringWriter(new DefaultHttp2FrameWriter(encoder), encoder);
    }

    private static Http2Headers answer(String etag) {
        return new DefaultHttp2Headers().status("200").add("etag", etag);
    }

    private static ByteBuf octets(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }

    /** Every buffer that was written and flushed, one string of hexadecimal digits each. */
    private List<String> sent() {
        channel.flush();
        List<String> sent = new ArrayList<>();
        for (ByteBuf one = channel.readOutbound(); one != null; one = channel.readOutbound()) {
            sent.add(ByteBufUtil.hexDump(one));
            one.release();
        }
        return sent;
    }

    @AfterEach
    void close() {
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void answers_of_many_streams_leave_as_one_buffer_with_the_bytes_of_single_frames() {
        List<ChannelFuture> promises = new ArrayList<>();
        answers(writer, promises);

        assertThat(sent()).as("sent before it was handed on").isEmpty();
        assertThat(promises).noneMatch(ChannelFuture::isDone);
        writer.deliver();
        List<String> gathered = sent();

        assertThat(promises).allMatch(ChannelFuture::isSuccess);
        Http2FrameWriter single = new DefaultHttp2FrameWriter(encoder());
        answers(single, new ArrayList<>());
        assertThat(gathered).singleElement().isEqualTo(String.join("", sent()));
        single.close();
    }

    private void answers(Http2FrameWriter to, List<ChannelFuture> promises) {
        for (int stream = 1; stream < 20; stream += 2) {
            promises.add(
                    to.writeHeaders(
                            context,
                            stream,
                            answer("e" + stream),
                            0,
                            stream == 19,
                            context.newPromise()));
            if (stream < 19) {
                promises.add(
                        to.writeData(context, stream, octets(900), 0, true, context.newPromise()));
            }
        }
    }

    @Test
    void other_frames_and_large_data_keep_their_place() {
        written.add(writer.writeHeaders(context, 1, answer("a"), 0, false, context.newPromise()));
        written.add(writer.writeData(context, 1, octets(10_000), 0, false, context.newPromise()));
        written.add(writer.writeData(context, 1, octets(1), 0, true, context.newPromise()));
        written.add(writer.writeRstStream(context, 3, 8, context.newPromise()));
        written.add(writer.writeHeaders(context, 5, answer("b"), 0, true, context.newPromise()));
        written.add(writer.writeSettingsAck(context, context.newPromise()));
        written.add(writer.writeSettings(context, new Http2Settings(), context.newPromise()));
        written.add(writer.writePing(context, false, 7, context.newPromise()));
        written.add(writer.writeWindowUpdate(context, 0, 9, context.newPromise()));
        written.add(writer.writeHeaders(context, 7, answer("c"), 0, true, context.newPromise()));
        written.add(writer.writeGoAway(context, 7, 0, Unpooled.EMPTY_BUFFER, context.newPromise()));
        writer.deliver();

        String all = String.join("", sent());

        assertThat(types(all)).containsExactly(1, 0, 0, 3, 1, 4, 4, 6, 8, 1, 7);
    }

    private static List<Integer> types(String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex);
        List<Integer> types = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length =
                    ((bytes[at] & 0xff) << 16)
                            | ((bytes[at + 1] & 0xff) << 8)
                            | (bytes[at + 2] & 0xff);
            types.add((int) bytes[at + 3]);
            at += FRAME_HEADER + length;
        }
        assertThat(at).as("end of the last frame").isEqualTo(bytes.length);
        return types;
    }

    @Test
    void a_block_over_the_size_of_a_frame_is_continued() {
        String large = "x".repeat(40_000);
        written.add(writer.writeHeaders(context, 1, answer(large), 0, true, context.newPromise()));
        written.add(writer.writeHeaders(context, 3, answer("b"), 0, true, context.newPromise()));
        writer.deliver();
        String gathered = String.join("", sent());

        Http2FrameWriter single = new DefaultHttp2FrameWriter(encoder());
        written.add(single.writeHeaders(context, 1, answer(large), 0, true, context.newPromise()));
        written.add(single.writeHeaders(context, 3, answer("b"), 0, true, context.newPromise()));

        assertThat(types(gathered)).startsWith(1, CONTINUATION).endsWith(1);
        assertThat(gathered).isEqualTo(String.join("", sent()));
        single.close();
    }

    @Test
    void more_than_one_buffer_holds_leaves_in_several() {
        for (int stream = 1; stream < 41; stream += 2) {
            written.add(
                    writer.writeData(
                            context, stream, octets(4_000), 0, true, context.newPromise()));
        }
        writer.deliver();

        List<String> sent = sent();

        assertThat(sent).hasSizeBetween(2, 10).allMatch(one -> one.length() <= 2 * 16 * 1024);
        assertThat(types(String.join("", sent))).hasSize(20);
    }

    @Test
    void a_connection_that_ends_first_tells_every_frame() {
        ChannelFuture headers =
                writer.writeHeaders(context, 1, answer("a"), 0, false, context.newPromise());
        ChannelFuture data =
                writer.writeData(context, 1, octets(10), 0, true, context.newPromise());

        writer.close();

        assertThat(headers.isDone()).isTrue();
        assertThat(headers.isSuccess()).isFalse();
        assertThat(data.isSuccess()).isFalse();
        assertThat(sent()).isEmpty();
    }

    @Test
    void a_write_that_fails_tells_every_frame_why() {
        ChannelFuture headers =
                writer.writeHeaders(context, 1, answer("a"), 0, false, context.newPromise());
        ChannelFuture data =
                writer.writeData(context, 1, octets(10), 0, true, context.newPromise());
        assertThat(channel.close().isSuccess()).isTrue();

        writer.deliver();

        assertThat(headers.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(data.cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void a_block_that_the_encoder_refuses_leaves_no_trace() {
        DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE);
        GatheringWriter strict = writer(encoder);
        assertThat(limit(encoder)).isTrue();
        ChannelFuture fits =
                strict.writeHeaders(context, 1, answer("a"), 0, true, context.newPromise());

        ChannelFuture refused =
                strict.writeHeaders(
                        context, 3, answer("y".repeat(200)), 0, true, context.newPromise());
        strict.deliver();

        assertThat(refused.cause()).isInstanceOf(Http2Exception.class);
        assertThat(types(String.join("", sent()))).containsExactly(1);
        assertThat(fits.isSuccess()).isTrue();
        strict.close();
    }

    private static boolean limit(DefaultHttp2HeadersEncoder encoder) {
        try {
            encoder.configuration().maxHeaderListSize(120);
            return encoder.configuration().maxHeaderListSize() == 120;
        } catch (Http2Exception refused) {
            return false;
        }
    }
}
