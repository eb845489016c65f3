package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What migrations have in common: tables and contracts, which only one of them may be changing, and
 * the order of their dependencies, which has no cycle. A migration takes all of them at once and
 * none later, so that two can't wait for each other. Stateless.
 */
final class MigrationLocks {
    private static final String FREE = "no other migration that changes them now";

    private MigrationLocks() {}

    /** Whether a migration is in a phase that changes its tables. */
    static boolean holds(Migration migration) {
        return migration.state().isOpen()
                && migration.progress() != Progress.PLANNED
                && PhaseRule.of(migration.spec().store(), migration.phase()).locks();
    }

    /** What two migrations change both. Immutable; sorted. */
    record Common(List<String> tables, List<String> contracts) {
        boolean isNothing() {
            return tables.isEmpty() && contracts.isEmpty();
        }

        /** Says that the other holds them. */
        void refuse(Migration other, Refusals refusals) {
            if (!tables.isEmpty()) {
                refusals.precondition(
                        "tables", held(other, tables), FREE, "wait until it has left that phase");
            }
            if (!contracts.isEmpty()) {
                refusals.precondition(
                        "contracts",
                        held(other, contracts),
                        FREE,
                        "wait until it has left that phase");
            }
        }

        private static String held(Migration other, List<String> common) {
            return other.name() + " is in " + other.phase() + " on " + common;
        }
    }

    /** Nothing of a migration with itself. */
    static Common common(Migration one, Migration other) {
        return one.name().equals(other.name())
                ? new Common(List.of(), List.of())
                : new Common(
                        both(one.spec().tables(), other.spec().tables()),
                        both(contracts(one), contracts(other)));
    }

    private static List<String> contracts(Migration migration) {
        return migration.spec().profile().scope().contracts();
    }

    private static List<String> both(List<String> one, List<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    /** Notes who changes now what the next phase of a migration would change. */
    static void refuseHeld(MigrationScene scene, Refusals refusals) {
        if (scene.next().filter(PhaseRule::locks).isEmpty()) {
            return;
        }
        for (Migration other : scene.catalog().openMigrationList()) {
            if (holds(other)) {
                common(scene.migration(), other).refuse(other, refusals);
            }
        }
    }

    /**
     * The cycle that a plan would close, from the migration round to itself again; empty when it
     * closes none.
     */
    static Optional<List<MigrationName>> cycle(Catalog catalog, MigrationSpec spec) {
        return path(catalog, spec.dependsOn(), spec.name(), new HashSet<>())
                .map(path -> {
                    List<MigrationName> cycle = new ArrayList<>();
                    cycle.add(spec.name());
                    cycle.addAll(path);
                    return cycle;
                });
    }

    private static Optional<List<MigrationName>> path(
            Catalog catalog, List<MigrationName> from, MigrationName to, Set<MigrationName> seen) {
        for (MigrationName next : from) {
            if (next.equals(to)) {
                return Optional.of(List.of(next));
            }
            if (seen.add(next)) {
                List<MigrationName> further =
                        catalog.migration(next)
                                .map(found -> found.spec().dependsOn())
                                .orElse(List.of());
                Optional<List<MigrationName>> rest = path(catalog, further, to, seen);
                if (rest.isPresent()) {
                    List<MigrationName> path = new ArrayList<>();
                    path.add(next);
                    path.addAll(rest.get());
                    return Optional.of(path);
                }
            }
        }
        return Optional.empty();
    }
}
