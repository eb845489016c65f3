package dev.sluice.chaos.run;

import java.time.Duration;
import java.time.InstantSource;

/** Time as a run knows it: the wall clock for people, and how to wait. */
public interface Waits extends InstantSource {
    /** Nanoseconds from an arbitrary start; never goes back. */
    long nanos();

    /** Lets time pass; returns early when the run is interrupted. */
    void pause(Duration duration);
}
