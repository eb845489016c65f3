package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes a body on no faster than so many bytes in a second, in parts of a twentieth of a second.
 * What waits is held here and the source is paused meanwhile, so that it is at most what one read
 * or one window brought. Loop-owned.
 */
final class Throttle implements BodyReceiver {
    private static final int PARTS_PER_SECOND = 20;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final BodySource source;
    private final EventLoop loop;
    private final Runnable injected;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    private @Nullable BodyReceiver to;
    private @Nullable Future<?> timer;
    private @Nullable Runnable end;
    private boolean paused;
    private boolean over;

    Throttle(long bytesPerSecond, BodySource source, EventLoop loop, Runnable injected) {
        this.bytesPerSecond = bytesPerSecond;
        this.source = source;
        this.loop = loop;
        this.injected = injected;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    void into(BodyReceiver receiver) {
        to = receiver;
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (over) {
            data.release();
            return;
        }
        if (data.isReadable()) {
            injected.run();
            queue.addLast(data);
            source.pause();
        } else {
            data.release();
        }
        if (last) {
            end = () -> receiver().onData(Unpooled.EMPTY_BUFFER, /* last= */ true);
        }
        next();
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
        end = () -> receiver().onTrailers(trailers);
        next();
    }

    @Override
    public void onReset(StreamReset reset) {
        end = () -> receiver().onReset(reset);
        next();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        next();
    }

    void stop() {
        over = true;
        queue.forEach(ByteBuf::release);
        queue.clear();
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
            timer = null;
        }
    }

    /** Plans the next part, or the end, or asks for more. */
    private void next() {
        if (over || paused || timer != null) {
            return;
        }
        if (queue.isEmpty()) {
            Runnable last = end;
            if (last == null) {
                source.resume();
            } else {
                over = true;
                last.run();
            }
            return;
        }
        int part = (int) Math.clamp(bytesPerSecond / PARTS_PER_SECOND, 1, waiting());
        long nanos = part * SECOND / bytesPerSecond;
        timer = loop.schedule(() -> send(part), nanos, TimeUnit.NANOSECONDS);
    }

    private long waiting() {
        return queue.stream().mapToLong(ByteBuf::readableBytes).sum();
    }

    private void send(int part) {
        timer = null;
        int left = part;
        while (left > 0 && !over) {
            ByteBuf first = queue.getFirst();
            int size = Math.min(left, first.readableBytes());
            left -= size;
            ByteBuf slice = first.readRetainedSlice(size);
            if (!first.isReadable()) {
                queue.removeFirst().release();
            }
            receiver().onData(slice, /* last= */ false);
        }
        next();
    }

    private BodyReceiver receiver() {
        BodyReceiver receiver = to;
        if (receiver == null) {
            throw new IllegalStateException("a body came before somebody wanted it");
        }
        return receiver;
    }
}
