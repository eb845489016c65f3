package dev.sluice.proxy.boot;

import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.process.StateDisk;
import dev.sluice.proxy.process.SteppedClock;
import io.netty.buffer.ByteBufAllocator;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Faults of this process, where its operator has allowed them: the clock and the disk that they
 * reach, and the thread that ends them. Thread-safe.
 */
final class OwnFaults implements AutoCloseable {
    private final SteppedClock clock;
    private final StateDisk disk = new StateDisk();
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param right the wall clock, before any fault
     */
    OwnFaults(Clock right) {
        clock = new SteppedClock(right);
        timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        work -> {
                            Thread thread = new Thread(work, "sluice-process-faults");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** The wall clock that this process is to go by. */
    Clock clock() {
        return clock;
    }

    /** Where this process is to write its state. */
    StateDisk disk() {
        return disk;
    }

    /** The faults of the process that this proxy serves in. */
    ProcessFaults of(Proxy proxy) {
        return new ProcessFaults(
                new ProcessFaults.Surroundings(
                        proxy.eventLoops(),
                        ByteBufAllocator.DEFAULT,
                        SocketChannel::open,
                        clock,
                        disk,
                        (delay, action) -> {
                            var unused =
                                    timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
                        },
                        new SecureRandom()::nextLong));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
