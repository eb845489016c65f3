package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Makes exchanges of the frames that a client sends. Loop-owned. */
final class ServerFrames extends Http2EventAdapter {
    private static final AsciiString CONTINUE = AsciiString.cached("100-continue");

    private final Peer peer;
    private final ServerStreamHandler streams;
    private final RefusalObserver refusals;
    private final AsciiString scheme;
    private final boolean takesUpgrades;
    private @Nullable Opened opened;
    private int requests;

    /**
     * What is there once the handler is in a pipeline.
     *
     * @param key where a stream keeps its exchange
     */
    private record Opened(
            Frames frames, Http2Connection connection, Http2Connection.PropertyKey key) {}

    /**
     * @param takesUpgrades clients may ask to change the protocol of a stream
     */
    ServerFrames(
            Peer peer,
            ServerStreamHandler streams,
            RefusalObserver refusals,
            boolean takesUpgrades) {
        this.takesUpgrades = takesUpgrades;
        this.peer = peer;
        this.streams = streams;
        this.refusals = refusals;
        scheme = AsciiString.cached(peer.secure() ? "https" : "http");
    }

    void open(Frames frames, Http2Connection connection) {
        opened = new Opened(frames, connection, connection.newKey());
    }

    /** Tells the exchanges when their streams close, and the handler when their number changes. */
    Http2ConnectionAdapter streamListener(Runnable onChange) {
        return new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                requests++;
                onChange.run();
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                Http2ServerExchange exchange = exchange(stream);
                if (exchange != null) {
                    exchange.closed();
                }
                onChange.run();
            }
        };
    }

    /** Requests that have come on the connection. */
    int requests() {
        return requests;
    }

    /** Gives up the exchanges whose answers waited for the client the last time already. */
    void giveUpStuck() {
        try {
            opened().connection()
                    .forEachActiveStream(stream -> {
                        Http2ServerExchange exchange = exchange(stream);
                        if (exchange != null) {
                            exchange.giveUpIfStuck();
                        }
                        return true;
                    });
        } catch (Http2Exception e) {
            throw new IllegalStateException("visiting streams threw what it can't", e);
        }
    }

    void afterFlush(Runnable action) {
        ChannelHandlerContext context = opened().frames().context();
        opened().frames().planFlush();
        context.executor().execute(action);
    }

    /**
     * The client broke a rule of its stream. A header list over the limit is answered with 431 by
     * Netty; an exchange that is under way ends here.
     */
    void onStreamError(Http2Exception.StreamException error) {
        Http2Stream stream = opened().connection().stream(error.streamId());
        Http2ServerExchange exchange = stream == null ? null : exchange(stream);
        if (error instanceof Http2Exception.HeaderListSizeException list && list.duringDecode()) {
            refusals.refused(peer, CodecRefusal.HEADERS_TOO_LARGE);
        } else if (stream != null && exchange == null && !stream.isHeadersSent()) {
            refusals.refused(peer, CodecRefusal.MALFORMED_HEAD);
        }
        if (exchange != null) {
            refusals.refused(peer, CodecRefusal.MALFORMED_BODY);
            exchange.clientGone(
                    new StreamReset(
                            Cause.PROTOCOL_ERROR,
                            /* unprocessed= */ false,
                            String.valueOf(error.getMessage())));
        }
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
            boolean endOfStream)
            throws Http2Exception {
        onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        ReceivedFields fields = (ReceivedFields) headers;
        Http2Stream stream = opened().connection().stream(streamId);
        Http2ServerExchange known = stream == null ? null : exchange(stream);
        if (known != null) {
            onTrailers(streamId, known, fields);
        } else if (stream != null) {
            onRequest(stream, fields, endOfStream);
        }
    }

    private void onRequest(Http2Stream stream, ReceivedFields fields, boolean ended)
            throws Http2Exception {
        boolean upgrade = takesUpgrades && (fields.isUpgrade() || fields.isConnect());
        CodecRefusal refusal = refusal(fields, upgrade);
        if (refusal != null) {
            refuse(stream.id(), refusal, ended);
            return;
        }
        String fault = fields.requestFault();
        if (fault != null) {
            throw malformed(stream.id(), fault);
        }
        if (upgrade && ended) {
            throw malformed(stream.id(), "a CONNECT that ends with its head");
        }
        RequestHead head =
                upgrade
                        ? ExtendedConnect.request(fields, scheme)
                        : new RequestHead(
                                fields.method(),
                                scheme,
                                fields.authority(),
                                fields.path(),
                                fields.block());
        Http2ServerExchange exchange =
                new Http2ServerExchange(opened().frames(), stream.id(), peer, head, ended);
        stream.setProperty(opened().key(), exchange);
        streams.onStream(exchange);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) {
        if (context.handler() instanceof Http2Server server) {
            server.ponged(data);
        }
    }

    private static @Nullable CodecRefusal refusal(ReceivedFields fields, boolean upgrade) {
        if (fields.isTooMany()) {
            return CodecRefusal.TOO_MANY_HEADERS;
        }
        if ("CONNECT".contentEquals(fields.method()) && !upgrade) {
            return CodecRefusal.CONNECT_NOT_SERVED;
        }
        CharSequence expect = fields.expect();
        return expect == null || AsciiString.contentEqualsIgnoreCase(expect, CONTINUE)
                ? null
                : CodecRefusal.UNKNOWN_EXPECTATION;
    }

    private void refuse(int streamId, CodecRefusal refusal, boolean ended) {
        refusals.refused(peer, refusal);
        HeaderBlock fields = new HeaderBlock().add(HeaderNames.CONTENT_LENGTH, "0");
        String status = streams.proxyStatus(refusal);
        if (!status.isEmpty()) {
            fields.add("proxy-status", status);
        }
        Frames frames = opened().frames();
        frames.headers(
                        streamId,
                        Http2Fields.of(new ResponseHead(refusal.status(), fields)),
                        /* last= */ true)
                .addListener(sent -> {
                    if (sent.isSuccess() && !ended) {
                        frames.reset(streamId, Http2Error.NO_ERROR);
                    }
                });
    }

    private void onTrailers(int streamId, Http2ServerExchange exchange, ReceivedFields fields)
            throws Http2Exception {
        String fault = fields.isTooMany() ? "too many trailers" : fields.trailersFault();
        if (fault != null) {
            throw malformed(streamId, fault);
        }
        IncomingStream body = exchange.incoming();
        if (body != null) {
            HeaderBlock trailers = fields.block();
            HopByHop.removeForbiddenInTrailers(trailers);
            body.trailers(trailers);
        }
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext context,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endOfStream) {
        Http2Stream stream = opened().connection().stream(streamId);
        Http2ServerExchange exchange = stream == null ? null : exchange(stream);
        IncomingStream body = exchange == null ? null : exchange.incoming();
        if (body == null) {
            return data.readableBytes() + padding;
        }
        body.data(data.readRetainedSlice(data.readableBytes()), endOfStream);
        return padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long code) {
        Http2Stream stream = opened().connection().stream(streamId);
        Http2ServerExchange exchange = stream == null ? null : exchange(stream);
        if (exchange != null) {
            exchange.clientGone(ResetCodes.received(code));
        }
    }

    private static Http2Exception malformed(int streamId, String fault) {
        return Http2Exception.streamError(
                streamId, Http2Error.PROTOCOL_ERROR, "malformed head: %s", fault);
    }

    private @Nullable Http2ServerExchange exchange(Http2Stream stream) {
        Opened known = opened;
        return known == null ? null : stream.getProperty(known.key());
    }

    private Opened opened() {
        Opened known = opened;
        if (known == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return known;
    }
}
