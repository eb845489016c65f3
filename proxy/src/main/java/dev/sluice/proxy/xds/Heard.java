package dev.sluice.proxy.xds;

import dev.sluice.proxy.resource.BootstrapSpec.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the management server was heard to say: which kinds of resources were accepted and which
 * refused, when it last spoke, and whether the disk spoke in its place. Owned by the configuration
 * thread.
 */
final class Heard {
    private final Map<ResourceKind, String> refused = new EnumMap<>(ResourceKind.class);
    private final Set<ResourceKind> accepted = EnumSet.noneOf(ResourceKind.class);
    private Instant last = Instant.EPOCH;
    private boolean fromDisk;

    /** The server spoke now. */
    void at(Instant now) {
        last = now;
    }

    /** The disk remembers what the server said then. */
    void fromDisk(Instant then) {
        fromDisk = true;
        last = then;
    }

    /** What came of this kind was accepted. */
    void accepted(ResourceKind kind) {
        accepted.add(kind);
        refused.remove(kind);
    }

    /**
     * What came of this kind was refused.
     *
     * @param why every problem, as a text
     */
    void refused(ResourceKind kind, String why) {
        refused.put(kind, why);
    }

    /** When the server last spoke; the epoch when it never did. */
    Instant last() {
        return last;
    }

    /** Whether the server itself said something that was accepted. */
    boolean isAnythingAccepted() {
        return !accepted.isEmpty();
    }

    /** Whether the server, or the disk in its place, said something that was accepted. */
    boolean isAnything() {
        return fromDisk || isAnythingAccepted();
    }

    /** Which of these are still to come, and why, as sentences; nothing once the disk spoke. */
    List<String> missing(Set<Subscription> subscriptions) {
        List<String> missing = new ArrayList<>();
        for (Subscription subscription : fromDisk ? Set.<Subscription>of() : subscriptions) {
            ResourceKind kind =
                    switch (subscription) {
                        case LISTENERS -> ResourceKind.LISTENER;
                        case CLUSTERS -> ResourceKind.CLUSTER;
                    };
            if (!accepted.contains(kind)) {
                missing.add(missing(kind));
            }
        }
        return missing;
    }

    private String missing(ResourceKind kind) {
        String refusal = refused.get(kind);
        return refusal == null
                ? "the management server sent no " + kind.what() + " yet"
                : "the server's " + kind.what() + " was refused: " + refusal;
    }
}
