package dev.sluice.proxy.cluster;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one loop's exchanges. Almost all of them are cancelled, and those of one length
 * end in the order in which they began: so each length has a list of its own, and the loop's clock
 * is set for the first of the list alone. To start or cancel one is to link or unlink it.
 * Loop-owned.
 */
public final class Timers {
    /** More lengths than a configuration has are chosen by clients: those get no list. */
    private static final int MOST_LISTS = 64;

    private final EventLoop loop;
    private final Map<Duration, Queue> queues = new HashMap<>();

    public Timers(EventLoop loop) {
        this.loop = loop;
    }

    /** Nanoseconds of the loop's clock. */
    public long now() {
        return loop.ticker().nanoTime();
    }

    /** Runs an action on the loop, soon. May be called on any thread. */
    public void soon(Runnable action) {
        loop.execute(action);
    }

    /**
     * Starts a deadline.
     *
     * @param length positive
     * @param now by the loop's clock; its start
     * @param action run on the loop when it is reached
     */
    public Timer start(Duration length, long now, Runnable action) {
        assert loop.inEventLoop();
        Queue queue = queues.get(length);
        if (queue == null) {
            if (queues.size() >= MOST_LISTS) {
                return alone(length, now, action);
            }
            queue = new Queue(length);
            queues.put(length, queue);
        }
        Link link = new Link(queue, now + queue.nanos, action);
        queue.add(link);
        return link;
    }

    private Timer alone(Duration length, long now, Runnable action) {
        long rest = now + length.toNanos() - now();
        Future<?> future = loop.schedule(action, rest, TimeUnit.NANOSECONDS);
        return () -> future.cancel(/* mayInterruptIfRunning= */ false);
    }

    /** One deadline under way. */
    @FunctionalInterface
    public interface Timer {
        /** Nothing happens any more. */
        void cancel();
    }

    private static final class Link implements Timer {
        private final Queue queue;
        private final long end;
        private final Runnable action;
        private @Nullable Link before;
        private @Nullable Link after;
        private boolean linked = true;

        private Link(Queue queue, long end, Runnable action) {
            this.queue = queue;
            this.end = end;
            this.action = action;
        }

        @Override
        public void cancel() {
            if (linked) {
                queue.remove(this);
            }
        }
    }

    /** All deadlines of one length, in the order of their ends. */
    private final class Queue {
        private final Duration length;
        private final long nanos;
        private final Runnable onTime = this::onTime;
        private @Nullable Link first;
        private @Nullable Link last;
        private boolean set;

        Queue(Duration length) {
            this.length = length;
            nanos = length.toNanos();
        }

        /** Links behind those that end earlier, which are all but in rare cases. */
        void add(Link timer) {
            Link before = last;
            while (before != null && before.end - timer.end > 0) {
                before = before.before;
            }
            Link after = before == null ? first : before.after;
            timer.before = before;
            timer.after = after;
            if (before == null) {
                first = timer;
            } else {
                before.after = timer;
            }
            if (after == null) {
                last = timer;
            } else {
                after.before = timer;
            }
            if (!set) {
                set(nanos);
            }
        }

        void remove(Link timer) {
            timer.linked = false;
            if (timer.before == null) {
                first = timer.after;
            } else {
                timer.before.after = timer.after;
            }
            if (timer.after == null) {
                last = timer.before;
            } else {
                timer.after.before = timer.before;
            }
        }

        private void onTime() {
            long now = now();
            try {
                for (Link timer = first; timer != null && timer.end - now <= 0; timer = first) {
                    remove(timer);
                    timer.action.run();
                }
            } finally {
                set = false;
                if (first == null) {
                    queues.remove(length);
                } else {
                    set(first.end - now);
                }
            }
        }

        private void set(long delay) {
            set = true;
            var unused = loop.schedule(onTime, delay, TimeUnit.NANOSECONDS);
        }
    }
}
