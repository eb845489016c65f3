package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.outcome.Tally;
import io.netty.buffer.ByteBuf;

/**
 * Passes the body of an answer on to the client, no faster than the client takes it. Loop-owned.
 */
final class ResponseRelay implements BodyReceiver {
    private final BodySource from;
    private final BodySink to;
    private final Tally tally;
    private final Listener listener;
    private boolean over;

    /** Is told how the answer goes on. */
    interface Listener {
        void onAnswerProgress();

        void onAnswerEnd();

        /** The upstream broke the answer off. */
        void onAnswerReset(StreamReset reset);
    }

    ResponseRelay(BodySource from, BodySink to, Tally tally, Listener listener) {
        this.from = from;
        this.to = to;
        this.tally = tally;
        this.listener = listener;
    }

    void start() {
        from.start(this);
    }

    /** Lets go: what still comes is dropped. */
    void stop() {
        over = true;
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (over) {
            data.release();
            return;
        }
        tally.sent(data.readableBytes());
        to.data(data, last);
        if (last) {
            end();
            return;
        }
        if (!to.isWritable()) {
            from.pause();
            to.onWritable(this::resume);
        }
        listener.onAnswerProgress();
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
        if (over) {
            return;
        }
        tally.grpcStatus(trailers);
        to.trailers(trailers);
        end();
    }

    @Override
    public void onReset(StreamReset reset) {
        if (!over) {
            over = true;
            listener.onAnswerReset(reset);
        }
    }

    private void resume() {
        if (!over) {
            listener.onAnswerProgress();
            from.resume();
        }
    }

    private void end() {
        over = true;
        listener.onAnswerEnd();
    }
}
