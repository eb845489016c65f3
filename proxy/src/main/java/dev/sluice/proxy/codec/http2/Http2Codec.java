package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.snapshot.part.FloodLimits;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Puts Netty's frame reader, flow controllers and limits together around our own fields. Every
 * limit against abuse (RFC 9113 section 10.5) is set here and not left to a default. Streams that
 * wait for window are served alike: RFC 9113 section 5.3 gave up the tree of priorities.
 *
 * @param <H> the handler to build
 */
final class Http2Codec<H extends Http2ConnectionHandler>
        extends AbstractHttp2ConnectionHandlerBuilder<H, Http2Codec<H>> {
    private static final int MOST_RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private final Constructor<H> constructor;

    private Http2Codec(Constructor<H> constructor) {
        this.constructor = constructor;
    }

    /**
     * Windows for what is sent. What they allow is written before each flush, so this is where the
     * gathered frames of a flush are complete.
     */
    private static final class FlushedWindows extends DefaultHttp2RemoteFlowController {
        private final GatheringWriter writer;

        FlushedWindows(Http2Connection connection, GatheringWriter writer) {
            super(connection, new UniformStreamByteDistributor(connection));
            this.writer = writer;
        }

        @Override
        public void writePendingBytes() throws Http2Exception {
            super.writePendingBytes();
            writer.deliver();
        }
    }

    /** Makes the handler around what was put together. */
    @FunctionalInterface
    interface Constructor<H extends Http2ConnectionHandler> {
        H create(
                Http2ConnectionDecoder decoder,
                Http2ConnectionEncoder encoder,
                Http2Settings settings);
    }

    static <H extends Http2ConnectionHandler> H server(
            Http2Settings settings, int maxFields, FloodLimits floods, Constructor<H> constructor) {
        return build(/* server= */ true, settings, maxFields, floods, constructor);
    }

    static <H extends Http2ConnectionHandler> H client(
            Http2Settings settings, int maxFields, FloodLimits floods, Constructor<H> constructor) {
        return build(/* server= */ false, settings, maxFields, floods, constructor);
    }

    private static <H extends Http2ConnectionHandler> H build(
            boolean server,
            Http2Settings settings,
            int maxFields,
            FloodLimits floods,
            Constructor<H> constructor) {
        Http2Connection connection = new DefaultHttp2Connection(server, 0);
        Http2HeadersEncoder fields =
                new DefaultHttp2HeadersEncoder(
                        Http2HeadersEncoder.NEVER_SENSITIVE, /* ignoreMaxHeaderListSize= */ true);
        GatheringWriter writer = new GatheringWriter(new DefaultHttp2FrameWriter(fields), fields);
        connection.remote().flowController(new FlushedWindows(connection, writer));
        FloodGuard encoder =
                new FloodGuard(new DefaultHttp2ConnectionEncoder(connection, writer), floods);
        Long listBytes = settings.maxHeaderListSize();
        Http2FrameReader reader =
                new DefaultHttp2FrameReader(
                        new BlockDecoder(listBytes == null ? 60 * 1024 : listBytes, maxFields),
                        MOST_SMALL_CONTINUATIONS);
        Http2ConnectionDecoder decoder =
                new DefaultHttp2ConnectionDecoder(
                        connection,
                        encoder,
                        server
                                ? new StreamOrder(reader, connection, encoder)
                                : new CountingReader(reader, encoder),
                        Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                        /* autoAckSettings= */ true,
                        /* autoAckPing= */ true,
                        /* validateHeaders= */ false,
                        /* validateRequiredPseudoHeaders= */ false);
        Http2Codec<H> codec = new Http2Codec<>(constructor);
        codec.initialSettings(settings);
        codec.decoderEnforceMaxConsecutiveEmptyDataFrames(floods.emptyData());
        codec.decoderEnforceMaxRstFramesPerWindow(
                server ? MOST_RESETS : 0, server ? RESET_WINDOW_SECONDS : 0);
        codec.codec(decoder, encoder);
        return codec.build();
    }

    @Override
    protected H build(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        return constructor.create(decoder, encoder, settings);
    }
}
