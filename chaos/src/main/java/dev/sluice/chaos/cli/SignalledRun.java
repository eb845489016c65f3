package dev.sluice.chaos.cli;

import dev.sluice.chaos.run.Result;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A run in this process: a signal ends it, and the process stays until all is restored and, by
 * {@link #close}, told. Used by one thread.
 */
final class SignalledRun implements AutoCloseable {
    private static final long RESTORE_SECONDS = 60;

    private final Runnable interrupt;
    private final RealWaits waits;
    private final ExitCode interrupted;
    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "chaos-restore");

    /**
     * @param interrupt ends the run at its next step
     * @param waits of the run
     * @param interrupted the exit code of the process then
     */
    SignalledRun(Runnable interrupt, RealWaits waits, ExitCode interrupted) {
        this.interrupt = interrupt;
        this.waits = waits;
        this.interrupted = interrupted;
    }

    Result run(Supplier<Result> run) {
        Runtime.getRuntime().addShutdownHook(hook);
        return run.get();
    }

    private void end() {
        interrupt.run();
        waits.end();
        try {
            if (!told.await(RESTORE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "sluice chaos: restoring takes too long; its guard goes on with it");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(interrupted.number());
    }

    @Override
    public void close() {
        told.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endsByASignal) {
            // The hook runs and was waiting for this thread.
        }
    }
}
