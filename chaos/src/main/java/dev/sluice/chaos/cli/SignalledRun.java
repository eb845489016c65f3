package dev.sluice.chaos.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A run in this process: a signal ends it, and the process stays until all is restored and, by
 * {@link #close}, told. Used by one thread.
 */
final class SignalledRun implements AutoCloseable {
    private static final long RESTORE_SECONDS = 60;

    private final RealWaits waits = new RealWaits();
    private volatile ExitCode exitCode;
    private final CompletableFuture<Void> signal = new CompletableFuture<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "chaos-restore");

    private SignalledRun(ExitCode interrupted) {
        this.exitCode = interrupted;
    }

    /**
     * Listens from now on.
     *
     * @param interrupted the exit code of the process when a signal came and the run has no other
     */
    static SignalledRun begin(ExitCode interrupted) {
        SignalledRun begun = new SignalledRun(interrupted);
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    /** Waits that a signal ends. */
    RealWaits waits() {
        return waits;
    }

    /** Does this when a signal comes, on another thread; at once when one came. */
    void ends(Runnable interrupt) {
        var unused = signal.thenRun(interrupt);
    }

    /** Whether a signal came. */
    boolean ended() {
        return signal.isDone();
    }

    /** The run has ended so: a signal changes nothing any more. */
    ExitCode exits(ExitCode with) {
        exitCode = with;
        return with;
    }

    private void end() {
        signal.complete(null);
        waits.end();
        try {
            if (!told.await(RESTORE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "sluice chaos: restoring takes too long; its guard goes on with it");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode.number());
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
