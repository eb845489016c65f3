package dev.sluice.proxy.process;

import java.time.Duration;

/** Runs actions later, one at a time. */
@FunctionalInterface
public interface Timer {
    /** Runs the action once, after the delay. */
    void after(Duration delay, Runnable action);
}
