package dev.sluice.control.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of one resource from one state to a later one. Immutable.
 *
 * @param name its full name
 * @param before empty when it was not there
 * @param after empty when it is gone
 */
public record ResourceChange(
        String name, Optional<? extends Resource> before, Optional<? extends Resource> after) {

    /**
     * Every resource that is another in a state than in one that it came from, sorted by kind and
     * name. Takes about as long as there are changes.
     */
    public static List<ResourceChange> between(Catalog before, Catalog after) {
        List<ResourceChange> all = new ArrayList<>();
        all.addAll(of(before, after, Catalog::serviceMap));
        all.addAll(of(before, after, Catalog::versionMap));
        all.addAll(of(before, after, Catalog::routeMap));
        all.addAll(of(before, after, Catalog::gateMap));
        all.addAll(of(before, after, Catalog::gateSetMap));
        all.addAll(of(before, after, Catalog::rampMap));
        all.addAll(of(before, after, Catalog::migrationMap));
        all.addAll(of(before, after, Catalog::nodeMap));
        all.addAll(of(before, after, Catalog::approvalPolicyMap));
        all.addAll(of(before, after, Catalog::windowMap));
        all.addAll(of(before, after, Catalog::sinkMap));
        all.addAll(of(before, after, Catalog::cohortMap));
        all.addAll(of(before, after, Catalog::databaseMap));
        all.addAll(of(before, after, Catalog::baselineMap));
        all.addAll(of(before, after, Catalog::ringPlanMap));
        all.addAll(of(before, after, Catalog::operationMap));
        return all;
    }

    private static <K extends Comparable<K>, V extends Resource> List<ResourceChange> of(
            Catalog before, Catalog after, Function<Catalog, PersistentMap<K, V>> map) {
        return MapDifference.of(map.apply(before), map.apply(after)).stream()
                .map(pair ->
                        new ResourceChange(
                                pair.after().or(pair::before).orElseThrow().resourceName(),
                                pair.before(),
                                pair.after()))
                .toList();
    }
}
