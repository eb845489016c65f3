package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer on its way through faults. A throttle comes last, so that it holds what the
 * other stages made. Loop-owned.
 */
final class FaultyBody implements BodySource {
    private final BodySource source;
    private final Consumer<StreamReset> leave;
    private final EventLoop loop;
    private final List<BodyStage> stages = new ArrayList<>();
    private @Nullable Throttle throttle;
    private boolean over;

    /**
     * @param source what the endpoint sends
     * @param leave gives the exchange with the endpoint up
     */
    FaultyBody(BodySource source, Consumer<StreamReset> leave, EventLoop loop) {
        this.source = source;
        this.leave = leave;
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    void add(BodyStage stage) {
        stages.add(stage);
    }

    /** How many there are: of two that turn bits by one seed, one would turn them back. */
    int stages() {
        return stages.size();
    }

    /** The slowest of several throttles counts. */
    void throttle(long bytesPerSecond, Runnable injected) {
        Throttle known = throttle;
        if (known == null || bytesPerSecond < known.bytesPerSecond()) {
            throttle = new Throttle(bytesPerSecond, source, loop, injected);
        }
    }

    @Override
    public void start(BodyReceiver receiver) {
        BodyReceiver next = new Guard(receiver);
        Throttle slow = throttle;
        if (slow != null) {
            slow.into(next);
            next = slow;
        }
        for (BodyStage stage : stages.reversed()) {
            stage.into(next, this);
            next = stage;
        }
        source.start(next);
    }

    @Override
    public void pause() {
        if (throttle == null) {
            source.pause();
        } else {
            throttle.pause();
        }
    }

    @Override
    public void resume() {
        if (throttle == null) {
            source.resume();
        } else {
            throttle.resume();
        }
    }

    @Override
    public void cancel(StreamReset reset) {
        stop();
        source.cancel(reset);
    }

    /** The receiver is not called any more. */
    void stop() {
        over = true;
        stages.forEach(BodyStage::stop);
        if (throttle != null) {
            throttle.stop();
        }
    }

    /**
     * A fault ends the body: the endpoint is left at once; the receiver hears it when what came
     * before is on its way.
     */
    void breakOff(BodyReceiver next, StreamReset reset) {
        leave.accept(reset);
        loop.execute(() -> next.onReset(reset));
    }

    /** Drops what comes when nothing more is wanted. */
    private final class Guard implements BodyReceiver {
        private final BodyReceiver to;

        Guard(BodyReceiver to) {
            this.to = to;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            if (over) {
                data.release();
            } else {
                to.onData(data, last);
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            if (!over) {
                to.onTrailers(trailers);
            }
        }

        @Override
        public void onReset(StreamReset reset) {
            if (!over) {
                over = true;
                to.onReset(reset);
            }
        }
    }
}
