package dev.sluice.proxy.observe;

/** An exchange that is under way. Loop-owned. */
@FunctionalInterface
public interface Progress {
    /** How it stands now. */
    Standing standing();
}
