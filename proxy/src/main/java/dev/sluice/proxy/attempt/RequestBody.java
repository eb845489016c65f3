package dev.sluice.proxy.attempt;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.mirror.MirrorTee;
import dev.sluice.proxy.outcome.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to one attempt after the other. What has been sent is kept as
 * long as an attempt may have to be repeated and it is no more than the limit; a longer body is
 * sent once. While there is no attempt to send to, at most the limit is read.
 *
 * <p>What follows a wish to change the protocol is not read before the upstream has agreed: another
 * upstream would take it for a request that nobody has checked. Loop-owned.
 */
public final class RequestBody implements BodyReceiver {
    /** Envoy's retry shadow buffer. */
    static final int KEPT_LIMIT_BYTES = 64 * 1024;

    private final ServerStream client;
    private final Tally tally;
    private final Listener listener;

    /** All that came so far, as long as {@code complete}. */
    private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>();

    private int keptBytes;
    private boolean complete = true;
    private boolean keeping = true;
    private boolean ended;
    private boolean held;
    private boolean over;
    private MirrorTee tee = MirrorTee.NONE;
    private @Nullable HeaderBlock trailers;
    private @Nullable BodySink sink;
    private @Nullable BodySource source;

    /** Is told how the request goes on. */
    public interface Listener {
        /** Something of the request came. */
        void onRequestProgress();

        /** The request is complete. */
        void onRequestEnd();

        /** The client broke its request off; that an answer needs no more of it is no such end. */
        void onRequestReset(StreamReset reset);
    }

    public RequestBody(ServerStream client, Tally tally, Listener listener) {
        this.client = client;
        this.tally = tally;
        this.listener = listener;
        ended = client.requestEnded();
        held = client.request().upgrade() != null;
    }

    /**
     * Begins to take the body.
     *
     * @param copies of the request
     */
    public void start(MirrorTee copies) {
        tee = copies;
        if (ended) {
            tally.requestWasHead();
            return;
        }
        BodySource body = client.requestBody();
        source = body;
        if (!held) {
            body.start(this);
        }
    }

    /** The upstream has agreed to change the protocol: what follows the head goes to it. */
    public void release() {
        held = false;
        if (source != null && !over) {
            source.start(this);
        }
    }

    /** Whether the upstream has all that it needs for an answer. */
    public boolean awaitsAnswer() {
        return ended || held;
    }

    /** Whether the whole request has come. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether a further attempt can be given the body from its start. */
    boolean isReplayable() {
        return complete && !over;
    }

    /** Whether the head alone is the request. */
    boolean isNone() {
        return client.requestEnded();
    }

    /** Sends what has come, and from now on all that comes, to this attempt. */
    void attach(BodySink to) {
        if (isNone() || over) {
            return;
        }
        sink = to;
        for (ByteBuf part : kept) {
            to.data(part.retainedDuplicate(), /* last= */ false);
        }
        if (!keeping || keptBytes > KEPT_LIMIT_BYTES) {
            forget();
        }
        if (ended) {
            sendEnd(to);
        } else {
            flow(to);
        }
    }

    /** The attempt is over; what comes waits for another one. */
    void detach() {
        sink = null;
    }

    /** No attempt will follow the present one. */
    void stopKeeping() {
        keeping = false;
        forget();
    }

    /** Nothing of the request is wanted any more. */
    public void close(StreamReset reset) {
        if (over) {
            return;
        }
        over = true;
        sink = null;
        stopKeeping();
        if (!ended && source != null) {
            tee.close();
            source.cancel(reset);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (over) {
            data.release();
            return;
        }
        tally.received(data.readableBytes());
        ended = last;
        tee.data(data, last);
        BodySink to = sink;
        if (to == null) {
            keepForNext(data);
        } else {
            keepForRepeat(data);
            to.data(data, last);
            flow(to);
        }
        progressed();
    }

    @Override
    public void onTrailers(HeaderBlock fields) {
        if (over) {
            return;
        }
        ended = true;
        trailers = fields;
        tee.trailers(fields);
        if (sink != null) {
            sendEnd(sink);
        }
        progressed();
    }

    @Override
    public void onReset(StreamReset reset) {
        boolean isOwnDoing = reset.cause() == StreamReset.Cause.LOCAL;
        if (!over && !isOwnDoing) {
            listener.onRequestReset(reset);
        }
    }

    private void progressed() {
        listener.onRequestProgress();
        if (ended) {
            tally.requestEnded();
            listener.onRequestEnd();
        }
    }

    private void flow(BodySink to) {
        if (ended || source == null || held) {
            return;
        }
        if (to.isWritable()) {
            source.resume();
        } else {
            source.pause();
            to.onWritable(() -> resumeFor(to));
        }
    }

    private void resumeFor(BodySink to) {
        if (sink == to && !ended && source != null) {
            source.resume();
        }
    }

    private void sendEnd(BodySink to) {
        if (trailers == null) {
            to.data(Unpooled.EMPTY_BUFFER, /* last= */ true);
        } else {
            to.trailers(trailers.copy());
        }
    }

    private void keepForNext(ByteBuf data) {
        kept.addLast(data);
        keptBytes += data.readableBytes();
        if (keptBytes >= KEPT_LIMIT_BYTES && source != null) {
            source.pause();
        }
    }

    private void keepForRepeat(ByteBuf data) {
        if (!complete) {
            return;
        }
        if (!keeping || keptBytes + data.readableBytes() > KEPT_LIMIT_BYTES) {
            forget();
            return;
        }
        kept.addLast(data.retainedDuplicate());
        keptBytes += data.readableBytes();
    }

    private void forget() {
        complete = false;
        keptBytes = 0;
        kept.forEach(ByteBuf::release);
        kept.clear();
    }
}
