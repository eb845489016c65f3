package dev.sluice.control.web;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.migration.MigrationOutlook;
import dev.sluice.control.web.Status.MigrationRow;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Migrations as the status page shows them. Immutable.
 *
 * @param blockers what stands against the next phase of one
 */
record MigrationRows(Function<Migration, List<Refusal>> blockers) {
    private static final Comparator<Migration> OPEN_THEN_NEWEST =
            Comparator.comparing((Migration migration) -> !migration.state().isOpen())
                    .thenComparing(
                            migration -> migration.meta().updateTime(), Comparator.reverseOrder());

    List<MigrationRow> of(Catalog catalog) {
        return catalog.migrations().stream().sorted(OPEN_THEN_NEWEST).map(this::row).toList();
    }

    private MigrationRow row(Migration migration) {
        return new MigrationRow(
                migration.name().name(),
                migration.spec().description().displayName(),
                migration.spec().target().name(),
                migration.state().name(),
                MigrationOutlook.walk(migration.spec().store()).stream().map(Phase::name).toList(),
                migration.phase().name(),
                migration.progress().name(),
                migration.since(),
                migration.message(),
                couldGoOn(migration)
                        ? blockers.apply(migration).stream()
                                .map(refusal -> refusal.problem().message())
                                .toList()
                        : List.of());
    }

    /** While its gates are on their way it waits for nodes alone, and says so itself. */
    private static boolean couldGoOn(Migration migration) {
        return migration.state() == Migration.State.ACTIVE
                && (migration.progress() == Progress.PLANNED
                        || migration.progress() == Progress.RESTING);
    }
}
