package dev.sluice.proxy.filter;

import dev.sluice.proxy.cluster.Timers;
import java.util.function.Consumer;

/** Something that a filter waits for before it answers. Loop-owned. */
@FunctionalInterface
interface Waiting {
    /**
     * Starts to wait. Once.
     *
     * @param timers of the loop
     * @param answer gets the filter's answer, once, on the loop, at once or later
     * @return ends the waiting: nothing is answered any more
     */
    Runnable start(Timers timers, Consumer<FilterAnswer> answer);
}
