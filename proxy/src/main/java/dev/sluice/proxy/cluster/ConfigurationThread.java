package dev.sluice.proxy.cluster;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The one thread that swaps configuration: snapshots, endpoints, resolved names. Whatever is not
 * immutable and belongs to it needs no lock. Thread-safe.
 */
public interface ConfigurationThread extends Executor {
    /** Runs the action on this thread once the delay has passed. */
    Cancellable after(Duration delay, Runnable action);

    /** An action that has not run yet. */
    @FunctionalInterface
    interface Cancellable {
        /** The action will not run, unless it already has. */
        void cancel();
    }
}
