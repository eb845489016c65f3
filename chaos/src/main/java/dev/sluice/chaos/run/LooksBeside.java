package dev.sluice.chaos.run;

import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at the steady state again and again beside a method, on a thread of its own. Owned by the
 * thread that began it; {@link #missed} may be asked at any time.
 */
final class LooksBeside {
    private final Supplier<Journal.Look> look;
    private final CtkSettings settings;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CompletableFuture<List<Journal.Look>> looks = new CompletableFuture<>();
    private volatile boolean missed;

    private LooksBeside(Supplier<Journal.Look> look, CtkSettings settings) {
        this.look = look;
        this.settings = settings;
    }

    static LooksBeside begin(Supplier<Journal.Look> look, CtkSettings settings) {
        LooksBeside beside = new LooksBeside(look, settings);
        Thread.ofPlatform().daemon().name("chaos-steady-state").start(beside::goOn);
        return beside;
    }

    private void goOn() {
        List<Journal.Look> seen = new ArrayList<>();
        try {
            do {
                Journal.Look last = look.get();
                seen.add(last);
                missed = !last.met() && settings.onMiss() == CtkSettings.OnMiss.END;
            } while (!missed && !isOver(settings.frequency()));
            looks.complete(seen);
        } catch (InterruptedException | RuntimeException defect) {
            looks.completeExceptionally(defect);
        }
    }

    private boolean isOver(Duration pause) throws InterruptedException {
        return over.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether the method is to end. */
    boolean missed() {
        return missed;
    }

    /** Waits for the last look. */
    List<Journal.Look> end() {
        over.countDown();
        return looks.join();
    }
}
