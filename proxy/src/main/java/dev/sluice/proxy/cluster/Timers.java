package dev.sluice.proxy.cluster;

import io.netty.channel.EventLoop;
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
    private final EventLoop loop;
    private final Map<Duration, Queue> queues = new HashMap<>();

    public Timers(EventLoop loop) {
        this.loop = loop;
    }

    /** Nanoseconds of the loop's clock. */
    public long now() {
        return loop.ticker().nanoTime();
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
        Queue queue = queues.computeIfAbsent(length, Queue::new);
        Timer timer = new Timer(queue, now + queue.nanos, action);
        queue.add(timer);
        return timer;
    }

    /** One deadline under way. */
    public static final class Timer {
        private final Queue queue;
        private final long end;
        private final Runnable action;
        private @Nullable Timer before;
        private @Nullable Timer after;
        private boolean linked = true;

        private Timer(Queue queue, long end, Runnable action) {
            this.queue = queue;
            this.end = end;
            this.action = action;
        }

        /** Nothing happens any more. */
        public void cancel() {
            if (linked) {
                queue.remove(this);
            }
        }
    }

    /** All deadlines of one length, in the order of their ends. */
    private final class Queue {
        private final long nanos;
        private final Runnable onTime = this::onTime;
        private @Nullable Timer first;
        private @Nullable Timer last;
        private boolean set;

        Queue(Duration length) {
            nanos = length.toNanos();
        }

        /** Links behind those that end earlier, which are all but in rare cases. */
        void add(Timer timer) {
            Timer before = last;
            while (before != null && before.end - timer.end > 0) {
                before = before.before;
            }
            Timer after = before == null ? first : before.after;
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

        void remove(Timer timer) {
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
                for (Timer timer = first; timer != null && timer.end - now <= 0; timer = first) {
                    remove(timer);
                    timer.action.run();
                }
            } finally {
                set = false;
                if (first != null) {
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
