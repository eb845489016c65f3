package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.codec.http1.ServerClock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 with a client: any number of exchanges at once, each with its own back-pressure.
 * Loop-owned.
 *
 * <h2>Draining</h2>
 *
 * GOAWAY with the highest stream id says "open no more"; after the drain time a second one says
 * which streams were taken on, and the connection closes with the last of them, at the latest when
 * the drain time has passed once more.
 */
public final class Http2Server extends Http2ConnectionHandler implements ServerConnection {
    private final HttpConnectionManagerSpec spec;
    private final ServerFrames frameListener;
    private final Peer peer;
    private final RefusalObserver refusals;
    private @Nullable ServerClock openClock;
    private @Nullable ChannelHandlerContext openContext;
    private @Nullable KeepAlivePings pings;
    private @Nullable StreamSweep openSweep;
    private boolean draining;
    private boolean leaving;
    private boolean widened;

    private Http2Server(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            HttpConnectionManagerSpec spec,
            ServerFrames frames,
            Peer peer,
            RefusalObserver refusals) {
        super(decoder, encoder, settings, /* decoupleCloseAndGoAway= */ true);
        this.spec = spec;
        this.peer = peer;
        this.refusals = refusals;
        this.frameListener = frames;
        decoder.frameListener(frames);
        connection().addListener(frames.streamListener(this::onStreamsChanged));
    }

    /**
     * A handler to add to the end of a pipeline.
     *
     * @param spec limits and timeouts
     * @param peer about the connection
     * @param streams takes each request
     * @param refusals is told of requests answered here
     */
    public static Http2Server create(
            HttpConnectionManagerSpec spec,
            Peer peer,
            ServerStreamHandler streams,
            RefusalObserver refusals) {
        Limits limits = spec.limits();
        Http2Settings settings =
                new Http2Settings()
                        .maxConcurrentStreams(limits.maxConcurrentStreams())
                        .initialWindowSize(limits.initialStreamWindow())
                        .maxHeaderListSize(limits.maxRequestHeadersBytes());
        if (spec.upgrades().overHttp2()) {
            settings.put(ExtendedConnect.SETTINGS_ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
        }
        return Http2Codec.server(
                settings,
                limits.maxHeaders(),
                spec.connections().floods(),
                (decoder, encoder, initial) ->
                        new Http2Server(
                                decoder,
                                encoder,
                                initial,
                                spec,
                                new ServerFrames(
                                        peer, streams, refusals, spec.upgrades().overHttp2()),
                                peer,
                                refusals));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        openContext = context;
        openClock = new ServerClock(context.executor(), spec.timeouts(), this::onTimeout);
        openSweep =
                new StreamSweep(
                        context.executor(), spec.timeouts().streamIdle(), this::giveUpStuck);
        frameListener.open(new Frames(this, context), connection());
        context.channel().config().setAutoRead(true);
        super.handlerAdded(context);
        if (context.channel().isActive()) {
            begin(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        begin(context);
    }

    private void begin(ChannelHandlerContext context) throws Http2Exception {
        if (!widened) {
            widened = true;
            clock().opened(spec.connections().longest());
            clock().idle();
            pings = KeepAlivePings.start(spec.connections().keepAlive(), this, context);
            ConnectionWindow.widen(connection(), spec.limits().initialConnectionWindow());
            flush(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent
                || event == SslCloseCompletionEvent.SUCCESS) {
            close();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stop();
        super.channelInactive(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        stop();
    }

    private void stop() {
        clock().stop();
        if (pings != null) {
            pings.stop();
        }
        sweep().stop();
    }

    /** The client answered a ping. */
    void ponged(long payload) {
        if (pings != null) {
            pings.answered(payload);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context,
            boolean outbound,
            Throwable cause,
            Http2Exception error) {
        if (error != null && error.error() == Http2Error.ENHANCE_YOUR_CALM) {
            refusals.flooded(peer, FloodException.of(error));
        }
        super.onConnectionError(context, outbound, cause, error);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            var unused = context.close();
        } else {
            super.exceptionCaught(context, cause);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        if (!outbound) {
            frameListener.onStreamError(error);
        }
        super.onStreamError(context, outbound, cause, error);
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            sayGoodbye(Integer.MAX_VALUE);
            clock().drain();
        }
    }

    @Override
    public void close() {
        var unused = context().close();
    }

    @Override
    public int active() {
        return connection().numActiveStreams();
    }

    private void onStreamsChanged() {
        if (active() > 0) {
            clock().busy(/* awaitsBody= */ false);
            sweep().plan();
            leaveWhenWorn();
        } else if (leaving) {
            frameListener.afterFlush(this::close);
        } else {
            clock().idle();
        }
    }

    private boolean giveUpStuck() {
        frameListener.giveUpStuck();
        return active() > 0;
    }

    private void leaveWhenWorn() {
        int most = spec.connections().mostRequests();
        if (most > 0 && !draining && frameListener.requests() >= most) {
            context().executor().execute(() -> wearOut(Worn.REQUESTS));
        }
    }

    private void wearOut(Worn worn) {
        if (!draining) {
            refusals.worn(peer, worn);
            drain();
        }
    }

    private void onTimeout(ServerClock.Timeout timeout) {
        switch (timeout) {
            case WORN -> wearOut(Worn.DURATION);
            case IDLE, DRAINED -> leave();
            case HEAD, REQUEST, LINGER -> close();
        }
    }

    private void leave() {
        sayGoodbye(connection().remote().lastStreamCreated());
        if (leaving || active() == 0) {
            close();
        } else {
            leaving = true;
            clock().drain();
        }
    }

    private void sayGoodbye(int lastStream) {
        ChannelHandlerContext context = context();
        var unused =
                goAway(
                        context,
                        lastStream,
                        Http2Error.NO_ERROR.code(),
                        Unpooled.EMPTY_BUFFER,
                        context.newPromise());
        flush(context);
    }

    private ServerClock clock() {
        return inPipeline(openClock);
    }

    private StreamSweep sweep() {
        return inPipeline(openSweep);
    }

    private ChannelHandlerContext context() {
        return inPipeline(openContext);
    }

    private static <T> T inPipeline(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return part;
    }
}
