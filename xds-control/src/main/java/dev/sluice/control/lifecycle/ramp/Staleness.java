package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which of the things that a gate depends on changed after a step was put in force: counts of that
 * step are then of two states, and say nothing of the present one. Stateless.
 */
public final class Staleness {
    private Staleness() {}

    /** Full names of the versions that changed after {@code since}, each with the word for it. */
    public static List<String> of(Catalog catalog, List<GateState> gates, Instant since) {
        return gates.stream()
                .flatMap(gate ->
                        Stream.of(gate.content().legacyCluster(), gate.content().newCluster()))
                .distinct()
                .flatMap(cluster -> VersionName.parse(cluster).toOptional().stream())
                .flatMap(name -> catalog.version(name).stream())
                .filter(version -> version.meta().updateTime().isAfter(since))
                .map(version -> version.resourceName() + " changed during the step")
                .toList();
    }
}
