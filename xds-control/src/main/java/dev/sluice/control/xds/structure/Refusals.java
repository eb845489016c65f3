package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which content of one type a node refuses. A refused response does not say which of its resources
 * was at fault; so they go apart from all others, in halves, until the one that is at fault is
 * alone. Content that was refused alone does not go out again before the target has changed.
 *
 * <p>Owned by its {@link TypeStream}.
 */
final class Refusals {
    /** Versions by name that go out together, apart from all others. */
    private final Deque<Map<String, String>> suspects = new ArrayDeque<>(1);

    private final Map<String, String> refused = new HashMap<>();

    /** These came new in a response that was refused. */
    void refused(Map<String, String> news) {
        accepted(news);
        if (news.size() == 1) {
            refused.putAll(news);
            return;
        }
        List<String> names = new ArrayList<>(new TreeMap<>(news).keySet());
        for (List<String> half :
                List.of(
                        names.subList(names.size() / 2, names.size()),
                        names.subList(0, names.size() / 2))) {
            Map<String, String> group = new TreeMap<>(news);
            group.keySet().retainAll(half);
            if (!group.isEmpty()) {
                suspects.addFirst(group);
            }
        }
    }

    /** These are beyond suspicion. */
    void accepted(Map<String, String> versions) {
        refused.keySet().removeAll(versions.keySet());
        suspects.forEach(group -> group.entrySet().removeAll(versions.entrySet()));
        suspects.removeIf(Map::isEmpty);
    }

    /** There is another target: what was refused may do now, each by itself. */
    void reconsider() {
        refused.forEach((name, version) -> suspects.addLast(new TreeMap<>(Map.of(name, version))));
        refused.clear();
    }

    /** Names that are suspected in just this version. */
    Set<String> suspected(Map<String, String> versions) {
        Set<String> names = new HashSet<>();
        for (Map<String, String> group : suspects) {
            group.forEach((name, version) -> {
                if (version.equals(versions.get(name))) {
                    names.add(name);
                }
            });
        }
        return names;
    }

    /**
     * The names of these versions that are suspected and go out next; empty when there are none.
     */
    Set<String> next(Map<String, String> versions) {
        for (Map<String, String> group : suspects) {
            Map<String, String> due = new TreeMap<>(group);
            due.entrySet().retainAll(versions.entrySet());
            if (!due.isEmpty()) {
                return due.keySet();
            }
        }
        return Set.of();
    }

    /** Versions by name that were refused alone. */
    Map<String, String> alone() {
        return Map.copyOf(refused);
    }

    /** Names that a set has in just the version that was refused alone. */
    Set<String> refusedAlone(ResourceSet set) {
        return refused.entrySet().stream()
                .filter(entry -> {
                    Versioned resource = set.byName().get(entry.getKey());
                    return resource != null && resource.version().equals(entry.getValue());
                })
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
