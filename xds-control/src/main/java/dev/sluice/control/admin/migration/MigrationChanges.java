package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All migrations as a stream tells them: as they are, then each change. A client that comes back
 * gets only what changed since, and the names of all, since what is gone has left no trace.
 * Immutable.
 *
 * @param from where the client left off
 */
record MigrationChanges(MigrationForm form, Optional<ResumeToken> from) {
    StateStreams.Shape<MigrationChange> shape() {
        return new StateStreams.Shape<>(
                this::of,
                name -> Optional.of(MigrationChange.newBuilder().setDeleted(name).build()),
                StateStreams.Progress.after(MigrationChanges::synced),
                _ -> false,
                this::known);
    }

    private Map<String, MigrationChange> of(Catalog catalog) {
        Map<String, MigrationChange> changes = new LinkedHashMap<>();
        for (Migration migration : catalog.migrations()) {
            changes.put(
                    migration.name().name(),
                    MigrationChange.newBuilder()
                            .setMigration(form.write(migration, catalog))
                            .build());
        }
        return changes;
    }

    private Set<String> known(Catalog catalog) {
        return from.stream()
                .flatMap(token ->
                        catalog.migrations().stream().filter(it -> token.covers(catalog, it)))
                .map(migration -> migration.name().name())
                .collect(Collectors.toSet());
    }

    private static MigrationChange synced(Catalog catalog) {
        var names = catalog.migrations().stream().map(it -> it.name().name()).toList();
        return MigrationChange.newBuilder()
                .setInSync(
                        MigrationChange.InSync.newBuilder()
                                .setResumeToken(ResumeToken.of(catalog).toString())
                                .addAllNames(names))
                .build();
    }
}
