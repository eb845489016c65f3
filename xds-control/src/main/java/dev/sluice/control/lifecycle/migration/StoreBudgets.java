package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Database;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.spec.DatabaseSpec.Budget;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What migrations take of the stores they change. Stateless.
 *
 * <h2>Why nobody waits for ever</h2>
 *
 * A step takes all that it needs, of all stores, or nothing: nobody holds a part and waits for the
 * rest within a step. Over steps there is an order: who is in a phase that locks needs no more than
 * it has for any later phase until it has left that one, so who holds a lock never waits for a
 * budget, and who waits for a lock waits for one that will be given back.
 */
public final class StoreBudgets {
    private StoreBudgets() {}

    /** What can be short. */
    public enum Kind {
        LOCKS("locks"),
        IO("io_percent"),
        REPLICATION("replication_percent");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        /** Its name in {@code Database}. */
        public String field() {
            return field;
        }

        Optional<Integer> most(Database database) {
            Budget budget = database.spec().budget();
            return switch (this) {
                case LOCKS -> budget.locks();
                case IO -> budget.ioPercent();
                case REPLICATION -> budget.replicationPercent();
            };
        }

        int of(Use use) {
            return switch (this) {
                case LOCKS -> use.locks();
                case IO -> use.ioPercent();
                case REPLICATION -> use.replicationPercent();
            };
        }
    }

    /**
     * What one migration takes of a store.
     *
     * @param locks 1 in a phase that locks, else 0
     */
    public record Use(MigrationName migration, int locks, int ioPercent, int replicationPercent) {
        private boolean isNone() {
            return locks == 0 && ioPercent == 0 && replicationPercent == 0;
        }
    }

    /**
     * A budget that can't serve all that need it at once.
     *
     * @param migrations in the order of the plan
     */
    public record Shortage(
            Database database, Kind kind, int most, int needed, List<MigrationName> migrations) {
        public Shortage {
            migrations = List.copyOf(migrations);
        }
    }

    /** Who takes of a database now, in the order of names. */
    public static List<Use> uses(Catalog catalog, Database database) {
        return catalog.openMigrationList().stream()
                .filter(migration -> migration.progress() != Progress.PLANNED)
                .map(migration ->
                        use(
                                migration,
                                PhaseRule.of(migration.spec().store(), migration.phase()),
                                database))
                .filter(use -> !use.isNone())
                .sorted(Comparator.comparing(Use::migration))
                .toList();
    }

    /** Notes what a migration would need and is taken by others. */
    static void refuseShort(
            Catalog catalog, Migration migration, PhaseRule next, Refusals refusals) {
        for (Database database : catalog.databases()) {
            Use own = use(migration, next, database);
            List<Use> others =
                    uses(catalog, database).stream()
                            .filter(use -> !use.migration().equals(migration.name()))
                            .toList();
            for (Kind kind : Kind.values()) {
                refuseShort(database, kind, own, others, refusals);
            }
        }
    }

    private static void refuseShort(
            Database database, Kind kind, Use own, List<Use> others, Refusals refusals) {
        int need = kind.of(own);
        Optional<Integer> most = kind.most(database);
        if (need == 0 || most.isEmpty()) {
            return;
        }
        List<Use> taking = others.stream().filter(use -> kind.of(use) > 0).toList();
        int taken = taking.stream().mapToInt(kind::of).sum();
        if (taken + need > most.get()) {
            refusals.precondition(
                    database.name() + "." + kind.field,
                    need
                            + " more, while "
                            + taken
                            + " are taken by "
                            + taking.stream().map(use -> use.migration().name()).toList(),
                    "at most " + most.get() + " together",
                    need > most.get()
                            ? "raise the budget: it is below what this migration needs alone"
                            : "wait until they have left their phase, or raise the budget");
        }
    }

    /** Budgets that can't serve all of these at once. */
    static List<Shortage> shortages(Catalog catalog, List<Migration> order) {
        List<Shortage> shortages = new ArrayList<>();
        for (Database database :
                catalog.databases().stream()
                        .sorted(Comparator.comparing(it -> it.spec().store()))
                        .toList()) {
            for (Kind kind : Kind.values()) {
                kind.most(database)
                        .flatMap(most -> shortage(database, kind, most, order))
                        .ifPresent(shortages::add);
            }
        }
        return shortages;
    }

    private static Optional<Shortage> shortage(
            Database database, Kind kind, int most, List<Migration> order) {
        List<Migration> needing =
                order.stream()
                        .filter(migration -> kind.of(greatest(migration, database)) > 0)
                        .toList();
        int needed =
                needing.stream()
                        .mapToInt(migration -> kind.of(greatest(migration, database)))
                        .sum();
        return needed > most
                ? Optional.of(
                        new Shortage(
                                database,
                                kind,
                                most,
                                needed,
                                needing.stream().map(Migration::name).toList()))
                : Optional.empty();
    }

    /** What a migration takes where it takes most: every walk has a phase that locks and works. */
    private static Use greatest(Migration migration, Database database) {
        return use(migration, PhaseRule.walk(migration.spec().store()).getFirst(), database);
    }

    private static Use use(Migration migration, PhaseRule rule, Database database) {
        String store = database.spec().store();
        boolean changes = migration.spec().storeNames().contains(store);
        Optional<MigrationProfile.Use> load =
                migration.spec().profile().scope().stores().stream()
                        .filter(it -> rule.works() && it.name().equals(store))
                        .findFirst()
                        .flatMap(MigrationProfile.Store::use);
        return new Use(
                migration.name(),
                changes && rule.locks() ? 1 : 0,
                load.map(MigrationProfile.Use::ioPercent).orElse(0),
                load.map(MigrationProfile.Use::replicationPercent).orElse(0));
    }
}
