package dev.sluice.proxy.fault;

import dev.sluice.contract.fault.Fault;

/**
 * A fault that an attempt is to meet. Loop-owned.
 *
 * @param fault what
 * @param seed of what it leaves open, such as which bits are wrong
 * @param injected run once, when the fault has changed something
 */
record Hit(Fault fault, long seed, Runnable injected) {
    /** The same, but only the first run counts. */
    static Hit once(Fault fault, long seed, Runnable injected) {
        boolean[] done = new boolean[1];
        return new Hit(
                fault,
                seed,
                () -> {
                    if (!done[0]) {
                        done[0] = true;
                        injected.run();
                    }
                });
    }
}
