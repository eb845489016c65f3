package dev.sluice.testkit.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resources that a {@link ScriptedAds} serves by itself to whoever subscribes, at once and at each
 * change. Each change counts the version up. A type of which nothing was ever said is left to the
 * test. Thread-safe: one lock, held while streams are written.
 */
public final class StandingConfig {
    private final Map<String, Map<String, Versioned>> types = new HashMap<>();
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private long version;

    /** A resource and the count of changes at which it was set. */
    record Versioned(String version, Any content) {}

    /** A stream that is told of changes, under the lock of the configuration. */
    interface Subscriber {
        void changed(String typeUrl);
    }

    /** Adds or replaces one resource. */
    public synchronized StandingConfig put(String typeUrl, String name, Message content) {
        Versioned resource = new Versioned(nextVersion(), SotwStream.pack(content));
        types.computeIfAbsent(typeUrl, _ -> new LinkedHashMap<>()).put(name, resource);
        return tell(typeUrl);
    }

    /** Replaces all resources of a type; subscribers see the change as one. */
    public synchronized StandingConfig replace(
            String typeUrl, Map<String, ? extends Message> resources) {
        String next = nextVersion();
        Map<String, Versioned> replaced = new LinkedHashMap<>();
        resources.forEach((name, content) ->
                replaced.put(name, new Versioned(next, SotwStream.pack(content))));
        types.put(typeUrl, replaced);
        return tell(typeUrl);
    }

    /** Takes one resource away. */
    public synchronized StandingConfig remove(String typeUrl, String name) {
        nextVersion();
        types.computeIfAbsent(typeUrl, _ -> new LinkedHashMap<>()).remove(name);
        return tell(typeUrl);
    }

    synchronized void join(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    synchronized void leave(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /** Resources of the type by name; empty when nothing was ever said of the type. */
    synchronized Optional<Map<String, Versioned>> resources(String typeUrl) {
        return Optional.ofNullable(types.get(typeUrl));
    }

    synchronized String version() {
        return String.valueOf(version);
    }

    private String nextVersion() {
        version++;
        return String.valueOf(version);
    }

    private StandingConfig tell(String typeUrl) {
        subscribers.forEach(subscriber -> subscriber.changed(typeUrl));
        return this;
    }
}
