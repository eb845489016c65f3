package dev.sluice.proxy.pool;

/** A place in the queue for a connection. Loop-owned. */
@FunctionalInterface
public interface Ticket {
    /** The place of a waiter that was served at once. */
    Ticket SERVED = () -> {};

    /**
     * Gives the place up; the waiter is not called any more. Nothing happens when it was served.
     */
    void giveUp();
}
