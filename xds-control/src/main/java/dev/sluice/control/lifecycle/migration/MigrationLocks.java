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
 * What migrations have in common: tables, which only one of them may be changing, and the order of
 * their dependencies, which has no cycle. A migration takes all its tables at once and none later,
 * so that two of them can't wait for each other. Stateless.
 */
final class MigrationLocks {
    private MigrationLocks() {}

    /** Whether a migration is in a phase that changes its tables. */
    static boolean holds(Migration migration) {
        return migration.state().isOpen()
                && migration.progress() != Progress.PLANNED
                && PhaseRule.of(migration.spec().store(), migration.phase()).locks();
    }

    /** Tables of both, sorted; none of a migration with itself. */
    static List<String> common(Migration one, Migration other) {
        return one.name().equals(other.name())
                ? List.of()
                : one.spec().tables().stream().filter(other.spec().tables()::contains).toList();
    }

    /** Notes who changes tables of a migration now that its next phase would change. */
    static void refuseHeld(MigrationScene scene, Refusals refusals) {
        if (scene.next().filter(PhaseRule::locks).isEmpty()) {
            return;
        }
        for (Migration other : scene.catalog().openMigrationList()) {
            List<String> common = common(scene.migration(), other);
            if (holds(other) && !common.isEmpty()) {
                refusals.precondition(
                        "tables",
                        other.name() + " is in " + other.phase() + " on " + common,
                        "no other migration that changes them now",
                        "wait until it has left that phase");
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
