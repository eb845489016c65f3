package dev.sluice.testkit.http;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * One HTTP/2 connection, the same at both ends. Thread-safe; frames arrive on the channel's event
 * loop and are handed to the streams' mailboxes.
 */
public final class H2Connection {
    private final int number;
    private final Channel channel;
    private final Consumer<H2Stream> opened;
    private final Map<Http2FrameStream, H2Stream> streams = new ConcurrentHashMap<>();

    /** Streams that this end opened: the only ones that the peer's GOAWAY is about. */
    private final Queue<H2Stream> own = new ConcurrentLinkedQueue<>();

    private final Mailbox<GoAway> goAways = new Mailbox<>("a GOAWAY");
    private final Receiver receiver = new Receiver();
    private final CountDownLatch settings = new CountDownLatch(1);
    private final Mailbox<Long> pongs = new Mailbox<>("an answer to PING");

    /**
     * @param opened called on the event loop for a stream that the peer opened
     */
    H2Connection(int number, Channel channel, Consumer<H2Stream> opened) {
        this.number = number;
        this.channel = channel;
        this.opened = opened;
    }

    /** A GOAWAY frame of the peer, RFC 9113 §6.8. */
    public record GoAway(int lastStreamId, long code, String debug) {}

    /** 1 for the first connection that an upstream accepted, and so on. */
    public int number() {
        return number;
    }

    /** Whether neither side has ended the connection. */
    public boolean isLive() {
        return channel.isActive();
    }

    /** Takes the next GOAWAY of the peer, waiting for it. */
    public GoAway nextGoAway() {
        return goAways.next();
    }

    /** Waits until the connection has ended. */
    public void awaitEnd() {
        Patience.await(channel.closeFuture(), "the end of the connection");
    }

    /** Sends PING and waits for its answer: what was sent before has then been handled. */
    public void ping(long payload) {
        tell(new DefaultHttp2PingFrame(payload));
        pongs.next("with " + payload, answer -> answer == payload);
    }

    /**
     * Sends GOAWAY; streams above {@code lastStreamId} are given up, RFC 9113 §6.8.
     *
     * @param lastStreamId the highest stream that is still served; {@code Integer.MAX_VALUE} for a
     *     warning before the real one
     */
    public void goAway(int lastStreamId, Http2Error code) {
        Http2FrameCodec codec = channel.pipeline().get(Http2FrameCodec.class);
        ChannelHandlerContext context = channel.pipeline().context(codec);
        channel.eventLoop()
                .execute(() -> {
                    ChannelFuture _ =
                            codec.goAway(
                                    context,
                                    lastStreamId,
                                    code.code(),
                                    Unpooled.EMPTY_BUFFER,
                                    context.newPromise());
                    context.flush();
                });
    }

    /** Ends the connection by FIN, now, if the peer has not. */
    public void disconnect() {
        // A channel that has closed has no handlers any more.
        ChannelHandlerContext first = channel.pipeline().firstContext();
        Patience.await(
                first == null ? channel.closeFuture() : first.close(),
                "the connection to be closed");
    }

    void awaitSettings() {
        Patience.await(settings, "the peer's SETTINGS");
    }

    H2Stream open() {
        Http2FrameStream frames = receiver.newFrameStream();
        H2Stream stream = new H2Stream(this, frames);
        streams.put(frames, stream);
        own.add(stream);
        return stream;
    }

    Future<?> write(Object frame) {
        return channel.writeAndFlush(frame);
    }

    /** Writes what may be lost when the connection has ended meanwhile. */
    void tell(Object frame) {
        Future<?> _ = channel.writeAndFlush(frame);
    }

    ChannelHandler receiver() {
        return receiver;
    }

    private final class Receiver extends Http2ChannelDuplexHandler {
        Http2FrameStream newFrameStream() {
            return newStream();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                receive(message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            streams.values().forEach(stream -> stream.arrived(new H2Event.Disconnected()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof Http2FrameStreamException failed) {
                Optional.ofNullable(streams.get(failed.stream()))
                        .ifPresent(
                                stream -> stream.arrived(new H2Event.Reset(failed.error().code())));
            }
        }
    }

    private void receive(Object message) {
        switch (message) {
            case Http2HeadersFrame head ->
                    stream(head).arrived(new H2Event.Head(headers(head), head.isEndStream()));
            case Http2DataFrame data ->
                    stream(data)
                            .arrived(
                                    new H2Event.Data(
                                            Body.of(ByteBufUtil.getBytes(data.content())),
                                            data.initialFlowControlledBytes(),
                                            data.isEndStream()));
            case Http2ResetFrame reset ->
                    stream(reset).arrived(new H2Event.Reset(reset.errorCode()));
            case Http2GoAwayFrame goAway -> receiveGoAway(goAway);
            case Http2PingFrame ping when ping.ack() -> pongs.put(ping.content());
            case Http2SettingsFrame _ -> settings.countDown();
            case Object _ -> {}
        }
    }

    private void receiveGoAway(Http2GoAwayFrame frame) {
        String debug = frame.content().toString(StandardCharsets.UTF_8);
        goAways.put(new GoAway(frame.lastStreamId(), frame.errorCode(), debug));
        own.stream()
                .filter(stream -> stream.id() > frame.lastStreamId())
                .forEach(stream -> stream.arrived(new H2Event.GivenUp()));
    }

    private H2Stream stream(Http2StreamFrame frame) {
        return streams.computeIfAbsent(
                frame.stream(),
                frames -> {
                    H2Stream stream = new H2Stream(this, frames);
                    opened.accept(stream);
                    return stream;
                });
    }

    private static Headers headers(Http2HeadersFrame frame) {
        Headers headers = Headers.NONE;
        for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
            headers = headers.with(field.getKey().toString(), field.getValue().toString());
        }
        return headers;
    }
}
