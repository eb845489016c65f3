package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a stream that a client opened. Loop-owned. */
final class Http2ServerExchange
        implements ServerStream, IncomingStream.Owner, OutgoingStream.Owner {
    private static final StreamReset ANSWERED =
            StreamReset.local("answered before the request's end");

    private static final StreamReset STUCK = StreamReset.local("its answer was not taken in time");
    private static final StreamReset LOST =
            new StreamReset(
                    Cause.PEER_RESET,
                    /* unprocessed= */ false,
                    "the stream ended before the answer was sent");

    private final Frames frames;
    private final int streamId;
    private final Peer peer;
    private final RequestHead request;
    private final @Nullable IncomingStream incoming;
    private @Nullable OutgoingStream outgoing;
    private boolean tunnel;
    private boolean lastGiven;
    private boolean waited;
    private boolean lastSent;
    private boolean closed;
    private boolean over;
    private Consumer<StreamReset> onGone = reset -> {};
    private Runnable onComplete = () -> {};

    Http2ServerExchange(
            Frames frames, int streamId, Peer peer, RequestHead request, boolean ended) {
        this.frames = frames;
        this.streamId = streamId;
        this.peer = peer;
        this.request = request;
        incoming = ended ? null : new IncomingStream(this);
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public boolean requestEnded() {
        return incoming == null;
    }

    @Override
    public BodySource requestBody() {
        IncomingStream body = incoming;
        if (body == null) {
            throw new IllegalStateException("the request has no body (ask requestEnded first)");
        }
        return body;
    }

    /** Where DATA goes; null when the request ended with its head. */
    @Nullable IncomingStream incoming() {
        return incoming;
    }

    @Override
    public void interim(ResponseHead head) {
        if (outgoing == null && !over) {
            var unused = frames.headers(streamId, Http2Fields.of(head), /* last= */ false);
        }
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        if (outgoing != null) {
            throw new IllegalStateException("the final head was given before (expected: once)");
        }
        OutgoingStream body = new OutgoingStream(frames, streamId, this);
        outgoing = body;
        if (over) {
            body.detach();
            return body;
        }
        boolean bodiless =
                ended
                        || head.status() == 204
                        || head.status() == 304
                        || "HEAD".contentEquals(request.method());
        if (head.status() == 204) {
            head.headers().remove(HeaderNames.CONTENT_LENGTH);
        }
        tunnel = head.isTunnel();
        ResponseHead shown = tunnel ? ExtendedConnect.agreement(head) : head;
        ChannelFuture sent = frames.headers(streamId, Http2Fields.of(shown), bodiless);
        if (bodiless) {
            body.detach();
            onLastFrame(sent);
        }
        return body;
    }

    @Override
    public void reset(StreamReset reset) {
        if (!over) {
            over = true;
            endHalves(reset);
            frames.reset(streamId, ResetCodes.of(reset));
        }
    }

    @Override
    public void onClientGone(Consumer<StreamReset> callback) {
        onGone = callback;
    }

    @Override
    public void drainConnection() {
        if (frames.context().handler() instanceof ServerConnection connection) {
            connection.drain();
        }
    }

    @Override
    public void onComplete(Runnable callback) {
        onComplete = callback;
    }

    /** The client reset the stream or its connection is gone. */
    void clientGone(StreamReset reset) {
        if (!over) {
            over = true;
            endHalves(reset);
            onGone.accept(reset);
        }
    }

    /** The whole answer waits for the client: it is given up when it did so before. */
    void giveUpIfStuck() {
        if (!lastGiven || over || tunnel) {
            return;
        }
        if (!waited) {
            waited = true;
            return;
        }
        frames.reset(streamId, Http2Error.CANCEL);
        clientGone(STUCK);
    }

    /** The stream is closed, by both ends or with its connection. */
    void closed() {
        closed = true;
        IncomingStream body = incoming;
        if (!lastGiven || (tunnel && body != null && !body.isComplete())) {
            clientGone(LOST);
        } else {
            endTunnel();
        }
    }

    /** A tunnel is complete when both halves have ended and the last byte has left. */
    private void endTunnel() {
        if (tunnel && closed && lastSent && !over) {
            over = true;
            onComplete.run();
        }
    }

    private void endHalves(StreamReset reset) {
        OutgoingStream out = outgoing;
        if (out != null) {
            out.detach();
        }
        IncomingStream in = incoming;
        if (in != null) {
            in.fail(reset);
        }
    }

    @Override
    public void onTaken(int bytes) {
        frames.consume(streamId, bytes);
    }

    @Override
    public void onBodyCancelled(StreamReset reset) {
        // The answer is still to come; what arrives until then is thrown away as it arrives.
    }

    @Override
    public void onLastFrame(ChannelFuture sent) {
        lastGiven = true;
        IncomingStream body = incoming;
        boolean early = body != null && !body.isComplete();
        if (body != null && !tunnel) {
            body.fail(ANSWERED);
        }
        sent.addListener(future -> sent(future.isSuccess(), early));
    }

    private void sent(boolean success, boolean early) {
        if (over) {
            return;
        }
        if (!success) {
            clientGone(LOST);
            return;
        }
        if (tunnel) {
            lastSent = true;
            endTunnel();
            return;
        }
        over = true;
        if (early) {
            frames.reset(streamId, Http2Error.NO_ERROR);
        }
        onComplete.run();
    }

    @Override
    public void onSendFailed(StreamReset reset) {
        reset(reset);
    }
}
