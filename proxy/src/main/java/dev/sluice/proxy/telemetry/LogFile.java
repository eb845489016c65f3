package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.log.LogFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One access log: exchanges wait in a bounded queue and are formatted and written by a thread of
 * its own, so that a slow disk costs lines, never requests. Lines that had no room are counted.
 * Thread-safe.
 *
 * <h2>Rotation</h2>
 *
 * Before it writes, the thread looks whether the log's path still leads to the file that it holds.
 * A file that was renamed or removed is left, and another opened in its place, so that no signal
 * and no second copy is needed. While none can be opened, lines go on to where they went.
 */
final class LogFile implements AutoCloseable {
    /** Exchanges that may wait. */
    static final int QUEUE = 8192;

    private static final long POLL_MILLIS = 200;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder dropped = new LongAdder();
    private final LogTarget target;
    private final Duration close;
    private final Thread writer;
    private volatile boolean closing;

    /**
     * @param target where lines go; closed with this log
     */
    LogFile(LogTarget target) {
        this(target, CLOSE);
    }

    /**
     * @param close how long closing waits for what is still to be written
     */
    LogFile(LogTarget target, Duration close) {
        this.target = target;
        this.close = close;
        writer = new Thread(this::run, "sluice-log-" + target.name());
        writer.setDaemon(true);
        writer.start();
    }

    /** An exchange that is to be written, and how. */
    private record Waiting(LogFormat format, ExchangeRecord exchange) {}

    void write(LogFormat format, ExchangeRecord exchange) {
        if (!queue.offer(new Waiting(format, exchange))) {
            dropped.increment();
        }
    }

    /** Lines lost because the queue was full or the file could not be written. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(close.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Waiting first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, QUEUE);
                    writeAll(batch);
                }
            } catch (InterruptedException e) {
                return;
            }
            batch.clear();
        }
        target.close();
    }

    private void writeAll(List<Waiting> batch) {
        int written = 0;
        try {
            OutputStream out = target.current();
            for (Waiting one : batch) {
                String line = LogLine.of(one.format(), one.exchange());
                out.write(line.getBytes(StandardCharsets.UTF_8));
                written++;
            }
            out.flush();
        } catch (IOException e) {
            dropped.add(batch.size() - written);
        }
    }
}
