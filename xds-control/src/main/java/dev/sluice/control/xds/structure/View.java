package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node asks to see of a type. Immutable.
 *
 * @param tellsGone whether what is gone is said, by leaving it out or by name
 * @param only names that it asked for; empty when it sees the type whole
 * @param toldAbsent names of which it was told that there are none
 */
record View(boolean tellsGone, Optional<Set<String>> only, Set<String> toldAbsent) {
    /**
     * What a node lacks.
     *
     * @param will versions by name that it will have
     * @param set what it should have
     * @param all what there is; names that are not in it are absent
     * @param kept names that are not taken away
     */
    Difference lacks(Map<String, String> will, ResourceSet set, ResourceSet all, Set<String> kept) {
        Set<String> changed = new TreeSet<>();
        visible(set)
                .forEach((name, version) -> {
                    if (!version.equals(will.get(name))) {
                        changed.add(name);
                    }
                });
        Set<String> removed = new TreeSet<>();
        if (tellsGone) {
            removed.addAll(will.keySet());
            removed.removeAll(all.byName().keySet());
            removed.removeAll(set.byName().keySet());
            removed.removeAll(kept);
            only.orElse(Set.of()).stream()
                    .filter(name -> !all.byName().containsKey(name))
                    .filter(name -> !set.byName().containsKey(name) && !toldAbsent.contains(name))
                    .forEach(removed::add);
        }
        return new Difference(changed, removed);
    }

    /** Versions by name of what the node may see of a set. */
    private Map<String, String> visible(ResourceSet set) {
        Map<String, String> visible = Difference.versions(set, set.byName().keySet());
        only.ifPresent(visible.keySet()::retainAll);
        return visible;
    }
}
