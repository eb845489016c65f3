package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The body that comes in on a connection, cut out of its input. Holds no bytes: what is not wanted
 * yet stays in the {@link Wire}, which then reads no more. Loop-owned.
 */
final class IncomingBody implements BodySource {
    /** The connection that the body comes in on. */
    interface Owner {
        /** The receiver takes more. */
        void onDemand();

        /** The last part has been delivered. */
        void onBodyEnd();

        /** The bytes break the grammar; the owner then calls {@link #fail}. */
        void onMalformedBody(String what);

        /** The receiver gave up. */
        void onBodyCancelled(StreamReset reset);
    }

    private enum State {
        /** Nobody has started it. */
        WAITING,
        FLOWING,
        PAUSED,
        /** The last part was delivered. */
        ENDED,
        /** Failed or given up: nobody is told anything any more. */
        GONE
    }

    private final Owner owner;
    private final boolean untilClose;
    private final @Nullable ChunkScanner chunks;
    private long left;
    private State state = State.WAITING;
    private @Nullable BodyReceiver receiver;

    IncomingBody(BodyFraming framing, Owner owner) {
        this.owner = owner;
        chunks = framing instanceof BodyFraming.Chunked ? new ChunkScanner() : null;
        untilClose = framing instanceof BodyFraming.UntilClose;
        left = framing instanceof BodyFraming.Length(long bytes) ? bytes : Long.MAX_VALUE;
    }

    @Override
    public void start(BodyReceiver to) {
        if (receiver != null) {
            throw new IllegalStateException("the body was started before (expected: once)");
        }
        receiver = to;
        if (state == State.WAITING) {
            state = State.FLOWING;
            owner.onDemand();
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
            owner.onDemand();
        }
    }

    @Override
    public void cancel(StreamReset reset) {
        if (state != State.ENDED && state != State.GONE) {
            state = State.GONE;
            owner.onBodyCancelled(reset);
        }
    }

    boolean isFlowing() {
        return state == State.FLOWING;
    }

    /** Whether nobody has started it. */
    boolean isWaiting() {
        return state == State.WAITING;
    }

    /** Whether nothing more of it is delivered. */
    boolean isOver() {
        return state == State.ENDED || state == State.GONE;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    /** Delivers the next part of the input; says whether there was one. */
    boolean advance(Wire wire) {
        if (state != State.FLOWING || !wire.input().isReadable()) {
            return false;
        }
        return chunks == null ? advancePlain(wire) : advanceChunked(wire, chunks);
    }

    private boolean advancePlain(Wire wire) {
        int bytes = (int) Math.min(left, wire.input().readableBytes());
        if (!untilClose) {
            left -= bytes;
        }
        deliver(wire.take(bytes), left == 0);
        return true;
    }

    private boolean advanceChunked(Wire wire, ChunkScanner scanner) {
        ChunkScanner.Step step = scanner.advance(wire.input());
        switch (step) {
            case NEEDS_MORE -> wire.dropIfUsed();
            case DATA -> {
                int bytes = (int) Math.min(scanner.left(), wire.input().readableBytes());
                scanner.taken(bytes);
                deliver(wire.take(bytes), /* last= */ false);
            }
            case END -> {
                wire.dropIfUsed();
                deliverTrailers(scanner.trailers());
            }
            case MALFORMED -> owner.onMalformedBody("a chunk or trailer breaks the grammar");
        }
        return step != ChunkScanner.Step.NEEDS_MORE;
    }

    /** The peer sends no more and the input is used up: the end, or an end too early. */
    void endOfInput(StreamReset tooEarly) {
        if (untilClose && state == State.FLOWING) {
            deliver(Unpooled.EMPTY_BUFFER, /* last= */ true);
        } else {
            fail(tooEarly);
        }
    }

    /** Tells the receiver nothing any more. */
    void silence() {
        if (state != State.ENDED) {
            state = State.GONE;
        }
    }

    /** Tells the receiver that no more will come. */
    void fail(StreamReset reset) {
        if (state == State.ENDED || state == State.GONE) {
            return;
        }
        state = State.GONE;
        BodyReceiver to = receiver;
        if (to != null) {
            to.onReset(reset);
        }
    }

    private void deliver(ByteBuf data, boolean last) {
        BodyReceiver to = started();
        if (last) {
            state = State.ENDED;
        }
        to.onData(data, last);
        if (last) {
            owner.onBodyEnd();
        }
    }

    private void deliverTrailers(HeaderBlock trailers) {
        BodyReceiver to = started();
        state = State.ENDED;
        if (trailers.isEmpty()) {
            to.onData(Unpooled.EMPTY_BUFFER, /* last= */ true);
        } else {
            to.onTrailers(trailers);
        }
        owner.onBodyEnd();
    }

    private BodyReceiver started() {
        BodyReceiver to = receiver;
        if (to == null) {
            throw new IllegalStateException("a body that nobody started flows");
        }
        return to;
    }
}
