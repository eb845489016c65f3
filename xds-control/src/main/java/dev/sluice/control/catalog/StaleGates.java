package dev.sluice.control.catalog;

import dev.sluice.contract.GateName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gates that nobody seems to need any more. Pure. */
public final class StaleGates {
    /** A gate that rests for so long is forgotten rather than waiting. */
    private static final Duration FORGOTTEN = Duration.ofDays(30);

    private StaleGates() {}

    /** Why a gate should be looked at, a sentence each; empty when it is in use. */
    public static List<String> reasons(Catalog catalog, GateState gate, Instant now) {
        List<String> reasons = new ArrayList<>();
        gate.spec()
                .expires()
                .filter(end -> !now.isBefore(end))
                .ifPresent(end -> reasons.add("it has expired at " + end));
        Instant changed = gate.meta().updateTime();
        boolean rests = gate.content().share().isNone() || gate.content().share().isAll();
        if (rests && !now.isBefore(changed.plus(FORGOTTEN)) && !isDriven(catalog, gate.name())) {
            reasons.add(
                    "it rests at "
                            + gate.content().share()
                            + " since "
                            + changed
                            + ", and no migration or ramp moves it");
        }
        return reasons;
    }

    private static boolean isDriven(Catalog catalog, GateName gate) {
        return catalog.openMigrationList().stream()
                        .anyMatch(migration ->
                                catalog.gatesOf(migration.spec().target()).stream()
                                        .anyMatch(its -> its.name().equals(gate)))
                || catalog.runningRamps().stream()
                        .anyMatch(ramp ->
                                catalog.gatesOf(ramp.spec().target()).stream()
                                        .anyMatch(its -> its.name().equals(gate)));
    }
}
