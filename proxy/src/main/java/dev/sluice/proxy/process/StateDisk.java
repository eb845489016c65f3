package dev.sluice.proxy.process;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The disk that state is written to, as far as a fault can fill it. Thread-safe. */
public final class StateDisk {
    /** Counts what was refused; null while there is room. */
    private final AtomicReference<@Nullable LongAdder> refused = new AtomicReference<>();

    /**
     * Asked before each write.
     *
     * @throws IOException while it is full
     */
    public void askForRoom() throws IOException {
        LongAdder now = refused.get();
        if (now != null) {
            now.increment();
            throw new IOException("no space left on the disk (a fault was injected)");
        }
    }

    /** From now on it is full. */
    Harm fill() {
        LongAdder counted = new LongAdder();
        refused.set(counted);
        return new Harm() {
            @Override
            public void end() {
                refused.compareAndSet(counted, null);
            }

            @Override
            public long injected() {
                return counted.sum();
            }
        };
    }
}
