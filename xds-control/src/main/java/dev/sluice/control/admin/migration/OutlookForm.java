package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.PlanMigrationsResponse;
import dev.sluice.contract.MigrationName;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.lifecycle.migration.MigrationOutlook;

/** All migrations together, on the wire. Stateless. */
final class OutlookForm {
    private OutlookForm() {}

    static PlanMigrationsResponse write(MigrationOutlook outlook) {
        var answer =
                PlanMigrationsResponse.newBuilder()
                        .addAllCriticalPath(
                                outlook.criticalPath().stream().map(MigrationName::name).toList());
        outlook.entries().forEach(entry -> answer.addMigrations(entry(entry)));
        outlook.conflicts()
                .forEach(conflict ->
                        answer.addConflictsBuilder()
                                .setFirst(conflict.first().name())
                                .setSecond(conflict.second().name())
                                .addAllTables(conflict.tables())
                                .addAllContracts(conflict.contracts()));
        outlook.shortages()
                .forEach(shortage ->
                        answer.addShortagesBuilder()
                                .setDatabase(shortage.database().name().name())
                                .setBudget(shortage.kind().field())
                                .setMost(shortage.most())
                                .setNeeded(shortage.needed())
                                .addAllMigrations(
                                        shortage.migrations().stream()
                                                .map(MigrationName::name)
                                                .toList()));
        return answer.build();
    }

    private static PlanMigrationsResponse.Entry entry(MigrationOutlook.Entry entry) {
        var message =
                PlanMigrationsResponse.Entry.newBuilder()
                        .setMigration(entry.migration().name().name())
                        .setPhase(MigrationWords.write(entry.migration().phase()))
                        .setProgress(MigrationWords.write(entry.migration().progress()))
                        .addAllWaitsFor(entry.waitsFor().stream().map(MigrationName::name).toList())
                        .setAhead(Times.write(entry.ahead()))
                        .setEarliest(Times.write(entry.earliest()));
        entry.openings()
                .forEach(span ->
                        message.addOpeningsBuilder()
                                .setStart(Times.write(span.start()))
                                .setEnd(Times.write(span.end())));
        return message.build();
    }
}
