package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * One request to an upstream and its answer on a stream. Once the upstream has agreed to change the
 * protocol, both halves are bytes, and each ends by itself. Loop-owned.
 */
final class Http2ClientExchange
        implements ClientStream, IncomingStream.Owner, OutgoingStream.Owner {
    private final Frames frames;
    private final int streamId;
    private final RequestHead request;
    private final ResponseReceiver receiver;
    private final OutgoingStream outgoing;
    private @Nullable IncomingStream incoming;
    private boolean tunnel;

    /** The upstream's half is complete. */
    private boolean answered;

    private boolean over;
    private int interimHeads;

    Http2ClientExchange(
            Frames frames,
            int streamId,
            RequestHead request,
            boolean ended,
            ResponseReceiver receiver) {
        this.frames = frames;
        this.streamId = streamId;
        this.request = request;
        this.receiver = receiver;
        outgoing = new OutgoingStream(frames, streamId, this);
        if (ended) {
            outgoing.detach();
        }
    }

    @Override
    public BodySink requestBody() {
        return outgoing;
    }

    @Override
    public void cancel(StreamReset reset) {
        IncomingStream body = incoming;
        if (body != null) {
            body.silence();
        }
        if (!over) {
            over = true;
            outgoing.detach();
            frames.reset(streamId, ResetCodes.of(reset));
        }
    }

    boolean awaitsHead() {
        return incoming == null && !over;
    }

    /** How many have come. */
    int interimHeads() {
        return interimHeads;
    }

    void interim(ResponseHead head) {
        interimHeads++;
        if (!over) {
            receiver.onInterim(head);
        }
    }

    void head(ResponseHead head, boolean ended) {
        if (over) {
            return;
        }
        IncomingStream body = new IncomingStream(this);
        incoming = body;
        if (request.upgrade() != null && head.status() < 300) {
            tunnel = true;
            receiver.onHead(ExtendedConnect.agreed(head, request), body, /* ended= */ false);
            if (ended) {
                data(Unpooled.EMPTY_BUFFER, /* last= */ true);
            }
            return;
        }
        if (ended) {
            answered();
        }
        receiver.onHead(head, body, ended);
    }

    void data(ByteBuf data, boolean last) {
        IncomingStream body = incoming;
        if (body == null) {
            onTaken(data.readableBytes());
            data.release();
            return;
        }
        if (last) {
            answered();
        }
        body.data(data, last);
    }

    void trailers(HeaderBlock trailers) {
        IncomingStream body = incoming;
        if (body != null) {
            answered();
            body.trailers(trailers);
        }
    }

    /** The whole answer has come; an unfinished request is of no use any more. */
    private void answered() {
        answered = true;
        if (tunnel) {
            over = outgoing.isOver();
            return;
        }
        over = true;
        if (!outgoing.isOver()) {
            outgoing.detach();
            frames.reset(streamId, Http2Error.NO_ERROR);
        }
    }

    /** Neither half will be completed. */
    void fail(StreamReset reset) {
        if (over) {
            return;
        }
        over = true;
        outgoing.detach();
        IncomingStream body = incoming;
        if (body == null || answered) {
            receiver.onFailed(reset);
        } else {
            body.fail(reset);
        }
    }

    @Override
    public void onTaken(int bytes) {
        frames.consume(streamId, bytes);
    }

    @Override
    public void onBodyCancelled(StreamReset reset) {
        cancel(reset);
    }

    @Override
    public void onLastFrame(ChannelFuture sent) {
        over |= tunnel && answered; // else the answer says whether the request arrived
    }

    @Override
    public void onSendFailed(StreamReset reset) {
        if (!over) {
            fail(reset);
            frames.reset(streamId, ResetCodes.of(reset));
        }
    }
}
