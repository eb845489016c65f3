package dev.sluice.chaos.experiment;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Time as a run or a load knows it: the wall clock for people, and how to wait. */
public interface Waits extends InstantSource {
    /** Nanoseconds from an arbitrary start; never goes back. */
    long nanos();

    /**
     * Lets time pass.
     *
     * @return whether to go on; false, and early, when it was ended from outside
     */
    boolean pause(Duration duration);

    /**
     * Lets time pass until something is done.
     *
     * @param most how long
     * @return whether it is done; false, and early, when it was ended from outside
     */
    boolean await(CompletableFuture<?> done, Duration most);
}
