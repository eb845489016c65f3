package dev.sluice.proxy.telemetry.tap;

import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Sink;
import dev.sluice.proxy.tap.TapMessage;
import dev.sluice.proxy.tap.TapOutlet;
import dev.sluice.proxy.tap.TraceWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes what taps record to a file for each exchange, which only the user of this process may
 * read. Messages wait in a bounded queue for a thread that the first of them starts, so that a slow
 * disk costs messages, never requests. Thread-safe.
 */
public final class TapFiles implements TapOutlet, AutoCloseable {
    /** Messages that may wait. */
    static final int QUEUE = 1024;

    private static final long POLL_MILLIS = 200;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final FileAttribute<?>[] PRIVATE =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private static final System.Logger LOG = System.getLogger(TapFiles.class.getName());

    private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private @Nullable Thread writer;
    private boolean failing;
    private volatile boolean closing;

    private record Waiting(TapMessage message, TapSpec spec, String prefix, Over over) {}

    @Override
    public void take(TapMessage message, TapSpec spec, Over over) {
        boolean taken =
                !closing
                        && spec.sink() instanceof Sink.Files(String prefix)
                        && queue.offer(new Waiting(message, spec, prefix, over));
        if (taken) {
            start();
        } else {
            over.lost();
        }
    }

    @Override
    public void close() {
        closing = true;
        Thread running = running();
        if (running != null) {
            try {
                running.join(CLOSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void start() {
        synchronized (queue) {
            if (writer == null) {
                Thread thread = new Thread(this::run, "sluice-tap-files");
                thread.setDaemon(true);
                thread.start();
                writer = thread;
            }
        }
    }

    private @Nullable Thread running() {
        synchronized (queue) {
            return writer;
        }
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            try {
                Waiting next = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    write(next);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void write(Waiting one) {
        try {
            append(one);
            failing = false;
            one.over().written();
        } catch (IOException | InvalidPathException | IllegalStateException e) {
            if (!failing) {
                LOG.log(System.Logger.Level.WARNING, "a tap can't be written: {0}", e.toString());
            }
            failing = true;
            one.over().lost();
        }
    }

    private static void append(Waiting one) throws IOException {
        TapMessage message = one.message();
        Path file =
                Path.of(
                        one.prefix()
                                + "_"
                                + Long.toUnsignedString(message.exchange())
                                + TraceWriter.ending(one.spec().format()));
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try (WritableByteChannel out = Files.newByteChannel(file, options, PRIVATE)) {
            ByteBuffer bytes = ByteBuffer.wrap(TraceWriter.bytes(message, one.spec().format()));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }
}
