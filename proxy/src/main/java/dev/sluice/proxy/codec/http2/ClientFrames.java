package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.ResponseHead;
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
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Makes answers of the frames that an upstream sends. Loop-owned. */
final class ClientFrames extends Http2EventAdapter {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final Consumer<Http2Settings> onSettings;
    private final LongConsumer onPong;
    private final Runnable onChange;

    /** What the upstream did that ends the connection. */
    private @Nullable StreamReset broken;

    /**
     * @param onSettings is told of the upstream's settings
     * @param onPong is told of each answer to a PING
     * @param onChange runs when the number of streams, the limit on them, or whether the upstream
     *     takes more may have changed
     */
    ClientFrames(
            Http2Connection connection,
            Consumer<Http2Settings> onSettings,
            LongConsumer onPong,
            Runnable onChange) {
        this.connection = connection;
        this.onSettings = onSettings;
        this.onPong = onPong;
        this.onChange = onChange;
        key = connection.newKey();
    }

    void put(Http2Stream stream, Http2ClientExchange exchange) {
        stream.setProperty(key, exchange);
    }

    /** Tells exchanges when their streams close without an answer. */
    Http2ConnectionAdapter streamListener() {
        return new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                Http2ClientExchange exchange = stream.getProperty(key);
                if (exchange != null) {
                    exchange.fail(lost(stream));
                }
                onChange.run();
            }

            @Override
            public void onGoAwayReceived(int lastStreamId, long code, ByteBuf debug) {
                onChange.run();
            }
        };
    }

    /** The upstream broke the protocol, so that the connection ends with all its streams. */
    void onConnectionError(Http2Exception error) {
        broken = brokenBy(error);
    }

    /** The upstream broke the protocol on one stream. */
    void onStreamError(Http2Exception.StreamException error) {
        Http2ClientExchange exchange = exchange(error.streamId());
        if (exchange != null) {
            exchange.fail(brokenBy(error));
        }
    }

    private static StreamReset brokenBy(Http2Exception error) {
        return new StreamReset(
                Cause.PROTOCOL_ERROR,
                /* unprocessed= */ false,
                error.error().name() + ": " + error.getMessage());
    }

    private StreamReset lost(Http2Stream stream) {
        if (broken != null) {
            return broken;
        }
        boolean refused =
                connection.goAwayReceived()
                        && stream.id() > connection.local().lastStreamKnownByPeer();
        return new StreamReset(
                Cause.CONNECTION_LOST,
                refused,
                refused ? "GOAWAY before this stream" : "the upstream's connection ended");
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
        onSettings.accept(settings);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long payload) {
        onPong.accept(payload);
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
        Http2ClientExchange exchange = exchange(streamId);
        if (exchange == null) {
            return;
        }
        ReceivedFields fields = (ReceivedFields) headers;
        boolean head = exchange.awaitsHead();
        String fault = head ? fields.responseFault() : fields.trailersFault();
        if (fields.isTooMany()) {
            fault = "too many fields";
        } else if (head && fault == null && fields.statusCode() == 101) {
            fault = "status 101, which HTTP/2 does not have";
        }
        if (fault != null) {
            throw malformed(streamId, exchange, fault);
        }
        HeaderBlock block = fields.block();
        if (!head) {
            HopByHop.removeForbiddenInTrailers(block);
            exchange.trailers(block);
            return;
        }
        ResponseHead response = new ResponseHead(fields.statusCode(), block);
        if (response.isInterim()) {
            if (exchange.interimHeads() == ResponseHead.MOST_INTERIM) {
                throw malformed(
                        streamId,
                        exchange,
                        "more than " + ResponseHead.MOST_INTERIM + " interim heads");
            }
            exchange.interim(response);
        } else {
            exchange.head(response, endOfStream);
        }
    }

    private static Http2Exception malformed(
            int streamId, Http2ClientExchange exchange, String fault) {
        exchange.fail(
                new StreamReset(
                        Cause.PROTOCOL_ERROR,
                        /* unprocessed= */ false,
                        "malformed head: " + fault));
        return Http2Exception.streamError(
                streamId, Http2Error.PROTOCOL_ERROR, "malformed head: %s", fault);
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext context,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        Http2ClientExchange exchange = exchange(streamId);
        if (exchange == null) {
            return data.readableBytes() + padding;
        }
        if (exchange.awaitsHead()) {
            throw malformed(streamId, exchange, "DATA before it");
        }
        exchange.data(data.readRetainedSlice(data.readableBytes()), endOfStream);
        return padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long code) {
        Http2ClientExchange exchange = exchange(streamId);
        if (exchange != null) {
            exchange.fail(ResetCodes.received(code));
        }
    }

    private @Nullable Http2ClientExchange exchange(int streamId) {
        Http2Stream stream = connection.stream(streamId);
        return stream == null ? null : stream.getProperty(key);
    }
}
