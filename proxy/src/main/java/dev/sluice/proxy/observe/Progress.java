package dev.sluice.proxy.observe;

/** An exchange that is under way. Loop-owned. */
public interface Progress {
    /** How it stands now. */
    Standing standing();

    /** Attempts so far, hedges and fallback included. */
    int attempts();
}
