package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.Versioned;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a node has of one type: versions, and contents where they are known.
 *
 * <p>Owned by its {@link TypeStream}.
 */
final class Holding {
    /** Stands for the version of a resource of which only the name is known. */
    private static final String UNKNOWN = "";

    /** Versions by name of what the node has, or may have. */
    private final Map<String, String> has = new HashMap<>();

    /** Of those the names that it never accepted. */
    private final Set<String> doubtful = new HashSet<>();

    /** What it accepted last of each name. */
    private final Map<String, Versioned> last = new HashMap<>();

    /** The node says itself what it has. */
    void said(Map<String, String> versions) {
        versions.forEach((name, version) -> has.put(name, Claim.of(version).hash()));
    }

    void forget(String name) {
        has.remove(name);
        doubtful.remove(name);
    }

    /** The node wants these and no others. */
    void retain(Set<String> names) {
        has.keySet().retainAll(names);
    }

    void accepted(Sent sent) {
        if (sent.isEverything()) {
            has.clear();
            last.clear();
        }
        sent.resources()
                .forEach((name, resource) -> {
                    has.put(name, resource.version());
                    last.put(name, resource);
                    doubtful.remove(name);
                });
        has.keySet().removeAll(sent.removed());
        doubtful.retainAll(has.keySet());
    }

    /** Nobody knows what of the news of a refused response the node took over. */
    void refused(Sent sent) {
        for (String name : sent.news()) {
            if (!has.containsKey(name)) {
                doubtful.add(name);
            }
            has.put(name, UNKNOWN);
        }
    }

    /** Whatever the node has of these names, it needs them once more. */
    void sendAgain(Set<String> names) {
        names.forEach(name -> has.computeIfPresent(name, (_, _) -> UNKNOWN));
    }

    /** The node may have this, though it is gone. */
    void mayHave(Versioned former) {
        if (has.putIfAbsent(former.name(), former.version()) == null) {
            last.put(former.name(), former);
        }
    }

    /** The node has just this. */
    void adopt(ResourceSet set) {
        set.byName().forEach((name, resource) -> has.put(name, resource.version()));
    }

    /** What the node has in just the version of this set is known by it. */
    void learn(ResourceSet set) {
        has.forEach((name, version) -> {
            Versioned resource = set.byName().get(name);
            if (resource != null && resource.version().equals(version)) {
                last.put(name, resource);
            }
        });
    }

    /** Names of everything that the node has, or may have. */
    Set<String> names() {
        return Set.copyOf(has.keySet());
    }

    /** Names of what the node accepted in some version. */
    Set<String> acceptedNames() {
        Set<String> names = new HashSet<>(has.keySet());
        names.removeAll(doubtful);
        return names;
    }

    Map<String, Versioned> last() {
        return last;
    }

    /** Versions by name of what the node has when it accepts all of these, in order. */
    Map<String, String> after(Iterable<Sent> unanswered) {
        Map<String, String> will = new HashMap<>(has);
        for (Sent sent : unanswered) {
            if (sent.isEverything()) {
                will.clear();
            }
            sent.resources().forEach((name, resource) -> will.put(name, resource.version()));
            will.keySet().removeAll(sent.removed());
        }
        return will;
    }
}
