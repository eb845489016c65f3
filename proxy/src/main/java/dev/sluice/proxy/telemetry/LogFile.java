package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One access log: exchanges wait in a bounded queue and are formatted and written by a thread of
 * its own, so that a slow disk costs lines, never requests. Lines that had no room are counted.
 * Thread-safe.
 */
final class LogFile implements AutoCloseable {
    /** Exchanges that may wait. */
    static final int QUEUE = 8192;

    private static final long POLL_MILLIS = 200;
    private static final long CLOSE_MILLIS = 2000;

    private final ArrayBlockingQueue<ExchangeRecord> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder dropped = new LongAdder();
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean closing;

    LogFile(String name, OutputStream out) {
        this.out = new BufferedOutputStream(out, 64 * 1024);
        writer = new Thread(this::run, "sluice-log-" + name);
        writer.setDaemon(true);
        writer.start();
    }

    void write(ExchangeRecord exchange) {
        if (!queue.offer(exchange)) {
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
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<ExchangeRecord> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                ExchangeRecord first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
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
    }

    private void writeAll(List<ExchangeRecord> batch) {
        int written = 0;
        try {
            for (ExchangeRecord exchange : batch) {
                out.write(AccessLogLine.of(exchange).getBytes(StandardCharsets.US_ASCII));
                written++;
            }
            out.flush();
        } catch (IOException e) {
            dropped.add(batch.size() - written);
        }
    }
}
