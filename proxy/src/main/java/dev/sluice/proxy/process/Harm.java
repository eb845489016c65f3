package dev.sluice.proxy.process;

/** One fault of this process while it lasts. Thread-safe. */
interface Harm {
    /** Takes it all back; further calls change nothing. */
    void end();

    /** What it has done so far, in the unit of its kind. */
    long injected();
}
