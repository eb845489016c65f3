package dev.sluice.chaos.load;

/**
 * One request and what became of it. Immutable. Times are nanoseconds from the start of the load.
 *
 * @param sent when it was given to the client
 * @param ended when its answer was whole, or nothing more could come
 */
public record Entry(Planned planned, long sent, long ended, Answer answer) {
    /** By how much the generator began it after its time, in nanoseconds. */
    public long lateness() {
        return sent - planned.intended();
    }

    /**
     * How long a user who came at the intended time waited, in nanoseconds: a generator that is
     * late, be it for a slow target or a slow machine, does not make the target look faster.
     */
    public long latency() {
        return ended - planned.intended();
    }
}
