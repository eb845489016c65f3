package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body that comes in on one stream. The peer gets window back for a part only when the receiver
 * has taken it and still wants more, so that a body nobody takes waits in at most one stream
 * window. Loop-owned.
 */
final class IncomingStream implements BodySource {
    /** The stream that the body comes in on. */
    interface Owner {
        /** These bytes were taken: the peer may send as many again. */
        void onTaken(int bytes);

        /** The receiver gave up. */
        void onBodyCancelled(StreamReset reset);
    }

    private enum State {
        WAITING,
        FLOWING,
        PAUSED,
        /** The last part was delivered. */
        ENDED,
        /** Failed or given up: nobody is told anything any more. */
        GONE
    }

    private final Owner owner;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(0);
    private State state = State.WAITING;
    private @Nullable BodyReceiver receiver;
    private @Nullable HeaderBlock trailers;
    private boolean complete;
    private boolean draining;
    private int owed;

    IncomingStream(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void start(BodyReceiver to) {
        if (receiver != null) {
            throw new IllegalStateException("the body was started before (expected: once)");
        }
        receiver = to;
        if (state == State.WAITING) {
            state = State.FLOWING;
            drain();
        }
    }

    @Override
    public void pause() {
        if (state == State.FLOWING) {
            state = State.PAUSED;
        }
    }

    @Override
    public void resume() {
        if (state == State.PAUSED) {
            state = State.FLOWING;
            giveBack();
            drain();
        }
    }

    @Override
    public void cancel(StreamReset reset) {
        if (isOpen()) {
            release();
            owner.onBodyCancelled(reset);
        }
    }

    /** Everything has come, delivered or not. */
    boolean isComplete() {
        return complete;
    }

    /** A part came; the stream owns the buffer from here on. */
    void data(ByteBuf data, boolean last) {
        complete |= last;
        if (!isOpen()) {
            owner.onTaken(data.readableBytes());
            data.release();
            return;
        }
        queue.add(data);
        drain();
    }

    void trailers(HeaderBlock fields) {
        complete = true;
        trailers = fields;
        drain();
    }

    /** No more comes; what came before is not delivered any more. */
    void fail(StreamReset reset) {
        if (isOpen()) {
            BodyReceiver to = receiver;
            release();
            if (to != null) {
                to.onReset(reset);
            }
        }
    }

    /** Tells the receiver nothing any more. */
    void silence() {
        if (isOpen()) {
            release();
        }
    }

    private boolean isOpen() {
        return state != State.ENDED && state != State.GONE;
    }

    private void release() {
        state = State.GONE;
        for (ByteBuf part = queue.poll(); part != null; part = queue.poll()) {
            owed += part.readableBytes();
            part.release();
        }
        giveBack();
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (state == State.FLOWING && !queue.isEmpty()) {
                deliver(queue.remove());
            }
            if (state == State.FLOWING && complete) {
                deliverEnd();
            }
        } finally {
            draining = false;
        }
    }

    private void deliver(ByteBuf data) {
        boolean last = complete && trailers == null && queue.isEmpty();
        if (last) {
            state = State.ENDED;
        }
        owed += data.readableBytes();
        started().onData(data, last);
        if (state != State.PAUSED) {
            giveBack();
        }
    }

    private void deliverEnd() {
        state = State.ENDED;
        HeaderBlock fields = trailers;
        if (fields == null) {
            started().onData(Unpooled.EMPTY_BUFFER, /* last= */ true);
        } else {
            started().onTrailers(fields);
        }
    }

    private void giveBack() {
        int bytes = owed;
        owed = 0;
        if (bytes > 0) {
            owner.onTaken(bytes);
        }
    }

    private BodyReceiver started() {
        BodyReceiver to = receiver;
        if (to == null) {
            throw new IllegalStateException("a body that nobody started flows");
        }
        return to;
    }
}
