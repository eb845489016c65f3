package dev.sluice.proxy.process;

import dev.sluice.contract.fault.ProcessFault.LoopStall;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Event loops that stand still at the same time, again and again; the end lets those go that stand.
 * Thread-safe.
 */
final class LoopStalls implements Harm {
    private final LoopStall stall;
    private final List<? extends Executor> loops;
    private final Timer timer;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LongAdder injected = new LongAdder();

    private LoopStalls(LoopStall stall, List<? extends Executor> loops, Timer timer) {
        this.stall = stall;
        this.loops = loops;
        this.timer = timer;
    }

    /** Holds them for the first time at once. */
    static LoopStalls start(LoopStall stall, List<? extends Executor> loops, Timer timer) {
        LoopStalls stalls = new LoopStalls(stall, loops, timer);
        stalls.again();
        return stalls;
    }

    private void again() {
        if (ended.getCount() == 0) {
            return;
        }
        loops.forEach(loop -> loop.execute(this::hold));
        timer.after(stall.every(), this::again);
    }

    /** On a loop. */
    private void hold() {
        if (ended.getCount() == 0) {
            return;
        }
        injected.increment();
        try {
            var unused = ended.await(stall.length().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void end() {
        ended.countDown();
    }

    @Override
    public long injected() {
        return injected.sum();
    }
}
