package dev.sluice.proxy.xds;

import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.cluster.ConfigurationThread.Cancellable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Ends resources whose time to live has passed without being sent again. Owned by the configuration
 * thread.
 */
final class Lifetimes implements ResourceBook.Renewals {
    private final ConfigurationThread thread;
    private final End end;
    private final Map<Name, Cancellable> ends = new HashMap<>();

    /** A resource. */
    private record Name(ResourceKind kind, String name) {}

    /** Takes a resource whose time has passed. */
    @FunctionalInterface
    interface End {
        void ended(ResourceKind kind, String name);
    }

    Lifetimes(ConfigurationThread thread, End end) {
        this.thread = thread;
        this.end = end;
    }

    @Override
    public void renewed(ResourceKind kind, String name, Optional<Duration> timeToLive) {
        Name key = new Name(kind, name);
        Cancellable before = ends.remove(key);
        if (before != null) {
            before.cancel();
        }
        timeToLive.ifPresent(time -> ends.put(key, thread.after(time, () -> passed(key))));
    }

    private void passed(Name key) {
        if (ends.remove(key) != null) {
            end.ended(key.kind(), key.name());
        }
    }
}
