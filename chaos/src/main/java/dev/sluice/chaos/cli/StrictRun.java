package dev.sluice.chaos.cli;

import dev.sluice.chaos.run.Result;
import dev.sluice.chaos.run.Runner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A run in this process: a signal ends it, and the process stays until all is restored and, by
 * {@link #close}, told. Used by one thread.
 */
final class StrictRun implements AutoCloseable {
    private static final long RESTORE_SECONDS = 60;

    private final Runner runner;
    private final RealWaits waits;
    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "chaos-restore");

    /**
     * @param waits of the run
     */
    StrictRun(Runner runner, RealWaits waits) {
        this.runner = runner;
        this.waits = waits;
    }

    Result run() {
        Runtime.getRuntime().addShutdownHook(hook);
        return runner.run();
    }

    private void end() {
        runner.interrupt();
        waits.end();
        try {
            if (!told.await(RESTORE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "sluice chaos: restoring takes too long; its guard goes on with it");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
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
