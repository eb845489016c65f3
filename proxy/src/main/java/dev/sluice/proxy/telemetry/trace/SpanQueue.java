package dev.sluice.proxy.telemetry.trace;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * What waits for one collector. A batch goes out when it is full or its first exchange has waited
 * long enough; while a batch is under way or tried again, others wait. Thread-safe.
 */
final class SpanQueue implements AutoCloseable {
    /** Exchanges that may wait. */
    static final int QUEUE = 2048;

    /** Exchanges of one batch. */
    static final int BATCH = 256;

    private static final System.Logger LOG = System.getLogger(SpanQueue.class.getName());
    private static final long POLL_MILLIS = 200;

    private final ArrayBlockingQueue<ExchangeRecord> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SpanTarget target;
    private final SpanSender sender;
    private final Pace pace;
    private final Thread thread;
    private boolean failing;

    /**
     * How fast batches go out.
     *
     * @param gather how long the first exchange of a batch waits for others
     * @param tries of one batch, 1..
     * @param firstWait before the second try; doubled for each that follows
     * @param close how long closing waits for what is under way
     */
    record Pace(Duration gather, int tries, Duration firstWait, Duration close) {
        /** 1 s, and 5 tries over 15 s. */
        static final Pace STANDARD =
                new Pace(Duration.ofSeconds(1), 5, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    SpanQueue(SpanTarget target, SpanSender sender, Pace pace) {
        this.target = target;
        this.sender = sender;
        this.pace = pace;
        thread = Thread.ofVirtual().name("sluice-spans-" + target.cluster()).start(this::run);
    }

    void put(ExchangeRecord exchange) {
        if (!queue.offer(exchange)) {
            dropped.increment();
        }
    }

    long sent() {
        return sent.sum();
    }

    /** Exchanges lost because the queue was full or the collector took no batch. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(pace.close())) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    private void run() {
        try {
            while (isOpen() || !queue.isEmpty()) {
                ExchangeRecord first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    send(gather(first));
                }
            }
        } catch (InterruptedException closed) {
            dropped.add(queue.size());
        }
    }

    private List<ExchangeRecord> gather(ExchangeRecord first) throws InterruptedException {
        List<ExchangeRecord> batch = new ArrayList<>();
        batch.add(first);
        long end = System.nanoTime() + pace.gather().toNanos();
        while (batch.size() < BATCH) {
            queue.drainTo(batch, BATCH - batch.size());
            long rest = end - System.nanoTime();
            if (batch.size() == BATCH || rest <= 0 || !isOpen()) {
                break;
            }
            ExchangeRecord next =
                    queue.poll(
                            Math.min(rest, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)),
                            TimeUnit.NANOSECONDS);
            if (next != null) {
                batch.add(next);
            }
        }
        return batch;
    }

    private void send(List<ExchangeRecord> batch) throws InterruptedException {
        SpanBatch made = SpanBatch.of(target, batch);
        Duration wait = pace.firstWait();
        for (int tried = 1; ; tried++) {
            switch (result(made)) {
                case SpanSender.Result.Taken() -> {
                    sent.add(made.spans());
                    told();
                    return;
                }
                case SpanSender.Result.Refused(String why) -> {
                    lost(batch, why);
                    return;
                }
                case SpanSender.Result.Later(String why) -> {
                    if (tried >= pace.tries() || waited(wait)) {
                        lost(batch, why);
                        return;
                    }
                    wait = wait.multipliedBy(2);
                }
            }
        }
    }

    /** Waits, and says whether the queue was closed meanwhile. */
    private boolean waited(Duration wait) throws InterruptedException {
        return closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private SpanSender.Result result(SpanBatch batch) throws InterruptedException {
        try {
            return sender.send(target, batch.request())
                    .get(2 * target.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException bug) {
            return new SpanSender.Result.Refused(String.valueOf(bug.getCause()));
        } catch (TimeoutException silent) {
            return new SpanSender.Result.Later("no word of the batch");
        }
    }

    private void lost(List<ExchangeRecord> batch, String why) {
        dropped.add(batch.size());
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.WARNING,
                    "spans for cluster '" + target.cluster() + "' are dropped: " + why);
        }
    }

    private void told() {
        if (failing) {
            failing = false;
            LOG.log(Level.WARNING, "spans for cluster '" + target.cluster() + "' go out again");
        }
    }
}
