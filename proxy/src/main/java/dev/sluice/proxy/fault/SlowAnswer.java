package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.WrappedStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream whose answer is sent no faster than so many bytes in a second, whoever gives
 * it. Whoever gives it sees a client that takes it slowly. Loop-owned.
 */
public final class SlowAnswer implements WrappedStream {
    private final ServerStream client;
    private final long bytesPerSecond;
    private final EventLoop loop;
    private @Nullable SlowSink sink;

    public SlowAnswer(ServerStream client, long bytesPerSecond, EventLoop loop) {
        this.client = client;
        this.bytesPerSecond = bytesPerSecond;
        this.loop = loop;
    }

    @Override
    public ServerStream client() {
        return client;
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        BodySink fast = client.respond(head, ended);
        if (ended) {
            return fast;
        }
        SlowSink slow = new SlowSink(fast);
        sink = slow;
        return slow;
    }

    @Override
    public void reset(StreamReset reset) {
        drop();
        client.reset(reset);
    }

    @Override
    public void onClientGone(Consumer<StreamReset> callback) {
        client.onClientGone(reset -> {
            drop();
            callback.accept(reset);
        });
    }

    private void drop() {
        if (sink != null) {
            sink.throttle.stop();
        }
    }

    /** Takes the body, and lets the throttle hand it on. */
    private final class SlowSink implements BodySink, BodySource, BodyReceiver {
        private final BodySink to;
        private final Throttle throttle;
        private Runnable onWritable = () -> {};
        private boolean full;
        private boolean ended;

        SlowSink(BodySink to) {
            this.to = to;
            throttle = new Throttle(bytesPerSecond, this, loop, () -> {});
            throttle.into(this);
        }

        @Override
        public void data(ByteBuf data, boolean last) {
            if (ended) {
                data.release();
                return;
            }
            ended = last;
            throttle.onData(data, last);
        }

        @Override
        public void trailers(HeaderBlock trailers) {
            if (!ended) {
                ended = true;
                throttle.onTrailers(trailers);
            }
        }

        @Override
        public void reset(StreamReset reset) {
            ended = true;
            throttle.stop();
            to.reset(reset);
        }

        @Override
        public boolean isWritable() {
            return !full;
        }

        @Override
        public void onWritable(Runnable callback) {
            onWritable = callback;
        }

        @Override
        public void start(BodyReceiver ofNothing) {}

        @Override
        public void pause() {
            full = true;
        }

        @Override
        public void resume() {
            if (full && !ended) {
                full = false;
                onWritable.run();
            }
        }

        @Override
        public void cancel(StreamReset reset) {
            throttle.stop();
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            to.data(data, last);
            if (!last && !to.isWritable()) {
                throttle.pause();
                to.onWritable(throttle::resume);
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            to.trailers(trailers);
        }

        @Override
        public void onReset(StreamReset reset) {
            to.reset(reset);
        }
    }
}
