package dev.sluice.demo;

import java.time.Duration;

/**
 * What happens when this process is told to end (Ctrl-C, SIGTERM): the thread that runs the acts is
 * interrupted, which ends everything they started, and the JVM waits for that. Thread-safe.
 */
final class StopSignal implements AutoCloseable {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final Thread hook;
    private volatile boolean came;

    private StopSignal(Thread acts, Runnable told) {
        this.hook =
                new Thread(
                        () -> {
                            came = true;
                            told.run();
                            acts.interrupt();
                            join(acts);
                        },
                        "stop-signal");
    }

    /**
     * Listens until it is closed.
     *
     * @param acts thread to interrupt; it must end by itself then, not by {@code System.exit}
     * @param told runs before
     */
    static StopSignal interrupts(Thread acts, Runnable told) {
        StopSignal signal = new StopSignal(acts, told);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private static void join(Thread acts) {
        try {
            boolean unused = acts.join(LONGEST_STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean came() {
        return came;
    }

    @Override
    public void close() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            came = true; // the JVM is ending: too late to stop listening
        }
    }
}
