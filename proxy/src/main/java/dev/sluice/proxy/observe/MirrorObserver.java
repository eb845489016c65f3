package dev.sluice.proxy.observe;

/** Is told of mirrored requests. Called on the event loops; must not block. Thread-safe. */
@FunctionalInterface
public interface MirrorObserver {
    /**
     * A mirrored request is over.
     *
     * @param cluster that it was for; empty when a header names none, or one that is not configured
     */
    void mirrored(String cluster, MirrorEnd end);
}
