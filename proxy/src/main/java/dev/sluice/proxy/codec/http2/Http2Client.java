package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 with an upstream (prior knowledge, or after ALPN): as many exchanges as the upstream
 * allows. Before its SETTINGS come, the protocol's suggested 100 are assumed; what it refuses of
 * those is flagged {@code unprocessed}. Where streams may change their protocol, the connection
 * waits for its SETTINGS, which say whether the upstream takes that. Loop-owned.
 */
public final class Http2Client extends Http2ConnectionHandler implements ClientConnection {
    private final UpstreamSpec.Http2 spec;
    private final ClientFrames clientFrames;
    private final Consumer<Flood> onFlood;
    private @Nullable Frames openFrames;
    private @Nullable KeepAlivePings pings;
    private Runnable onChange = () -> {};
    private boolean connected;

    /** The upstream has said what may be done on this connection, or nobody asks. */
    private boolean told;

    private boolean takesChanges;
    private boolean retired;
    private boolean closed;

    private Http2Client(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            UpstreamSpec.Http2 spec,
            Consumer<Flood> onFlood) {
        super(decoder, encoder, settings, /* decoupleCloseAndGoAway= */ true);
        this.spec = spec;
        this.onFlood = onFlood;
        told = spec.changes() == UpstreamSpec.Changes.REFUSED;
        clientFrames =
                new ClientFrames(connection(), this::settingsRead, this::ponged, this::changed);
        decoder.frameListener(clientFrames);
        connection().addListener(clientFrames.streamListener());
    }

    /**
     * A handler to add to the end of a pipeline.
     *
     * @param upstream what bounds the connection
     * @param onFlood is told when the connection ends for what the upstream sent too much of
     */
    public static Http2Client create(UpstreamSpec upstream, Consumer<Flood> onFlood) {
        Http2Settings settings =
                new Http2Settings()
                        .pushEnabled(false)
                        .initialWindowSize(upstream.http2().streamWindow())
                        .maxHeaderListSize(upstream.maxHeadBytes());
        return Http2Codec.client(
                settings,
                upstream.maxHeaders(),
                upstream.http2().floods(),
                (decoder, encoder, initial) ->
                        new Http2Client(decoder, encoder, initial, upstream.http2(), onFlood));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        openFrames = new Frames(this, context);
        context.channel().config().setAutoRead(true);
        super.handlerAdded(context);
        if (context.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        begin();
    }

    private void begin() throws Http2Exception {
        if (!connected) {
            connected = true;
            ConnectionWindow.widen(connection(), spec.connectionWindow());
            pings = KeepAlivePings.start(spec.keepAlive(), this, frames().context());
            frames().planFlush();
            changed();
        }
    }

    @Override
    public SocketAddress local() {
        return frames().context().channel().localAddress();
    }

    @Override
    public ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver) {
        if (capacity() == 0) {
            throw new IllegalStateException("no capacity (expected: ask capacity first)");
        }
        Frames frames = frames();
        int streamId = connection().local().incrementAndGetNextStreamId();
        Http2ClientExchange exchange =
                new Http2ClientExchange(frames, streamId, head, ended, receiver);
        ChannelFuture sent = frames.headers(streamId, Http2Fields.of(head), ended);
        Http2Stream stream = connection().stream(streamId);
        if (stream != null) {
            clientFrames.put(stream, exchange);
        }
        sent.addListener(future -> {
            if (!future.isSuccess()) {
                exchange.fail(
                        new StreamReset(
                                Cause.CONNECTION_LOST,
                                /* unprocessed= */ true,
                                "the head was not sent: " + future.cause()));
            }
        });
        return exchange;
    }

    @Override
    public int capacity() {
        if (!connected || !told || isRetired()) {
            return 0;
        }
        Http2Connection.Endpoint<?> local = connection().local();
        int most = Math.min(local.maxActiveStreams(), spec.maxStreams());
        return Math.max(0, most - local.numActiveStreams());
    }

    /** CONNECT alone is the protocol's own; a protocol behind it takes the upstream's word. */
    @Override
    public boolean canUpgrade(RequestHead head) {
        return spec.changes() == UpstreamSpec.Changes.ASKED && (head.isConnect() || takesChanges);
    }

    private void settingsRead(Http2Settings settings) {
        told = true;
        Long takes = settings.get(ExtendedConnect.SETTINGS_ENABLE_CONNECT_PROTOCOL);
        takesChanges |= takes != null && takes == 1;
        changed();
    }

    @Override
    public int active() {
        return connection().local().numActiveStreams();
    }

    @Override
    public boolean isRetired() {
        return retired
                || closed
                || connection().goAwayReceived()
                || connection().goAwaySent()
                || connection().local().lastStreamCreated() >= Integer.MAX_VALUE - 2;
    }

    @Override
    public void onChange(Runnable callback) {
        onChange = callback;
    }

    @Override
    public void retire() {
        retired = true;
        changed();
    }

    @Override
    public void close() {
        var unused = frames().context().close();
    }

    private void ponged(long payload) {
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
        if (error != null) {
            clientFrames.onConnectionError(error);
            if (error.error() == Http2Error.ENHANCE_YOUR_CALM) {
                onFlood.accept(FloodException.of(error));
            }
        }
        super.onConnectionError(context, outbound, cause, error);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        if (!outbound) {
            clientFrames.onStreamError(error);
        }
        super.onStreamError(context, outbound, cause, error);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == SslCloseCompletionEvent.SUCCESS) {
            close();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        closed = true;
        stopPings();
        super.channelInactive(context);
        onChange.run();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        stopPings();
    }

    private void stopPings() {
        if (pings != null) {
            pings.stop();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            var unused = context.close();
        } else {
            super.exceptionCaught(context, cause);
        }
    }

    private void changed() {
        if (isRetired() && connected && active() == 0 && !closed) {
            frames().context().executor().execute(this::close);
        }
        onChange.run();
    }

    private Frames frames() {
        Frames frames = openFrames;
        if (frames == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return frames;
    }
}
