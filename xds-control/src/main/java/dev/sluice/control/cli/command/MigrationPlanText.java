package dev.sluice.control.cli.command;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.PlanMigrationsResponse;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Databases;
import dev.sluice.control.cli.resource.Migrations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plan of all migrations as people read it. Stateless. */
final class MigrationPlanText {
    private MigrationPlanText() {}

    static List<String> lines(PlanMigrationsResponse plan) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < plan.getMigrationsCount(); i++) {
            lines.addAll(entry(i + 1, plan.getMigrations(i)));
        }
        if (plan.getMigrationsCount() == 0) {
            lines.add("no migration that is not over");
        } else {
            lines.add(
                    "critical path: "
                            + String.join(
                                    " -> ",
                                    plan.getCriticalPathList().stream()
                                            .map(Migrations.SHAPE::brief)
                                            .toList()));
        }
        plan.getConflictsList()
                .forEach(conflict ->
                        lines.add(
                                "conflict: %s before %s on %s"
                                        .formatted(
                                                Migrations.SHAPE.brief(conflict.getFirst()),
                                                Migrations.SHAPE.brief(conflict.getSecond()),
                                                shared(conflict))));
        plan.getShortagesList().forEach(shortage -> lines.add(shortage(shortage)));
        return lines;
    }

    private static String shared(PlanMigrationsResponse.Conflict conflict) {
        return Stream.concat(
                        conflict.getTablesList().stream(), conflict.getContractsList().stream())
                .collect(Collectors.joining(", "));
    }

    private static String shortage(PlanMigrationsResponse.Shortage shortage) {
        return "budget: %s of %s is %d, and %d are needed by %s together"
                .formatted(
                        shortage.getBudget(),
                        Databases.SHAPE.brief(shortage.getDatabase()),
                        shortage.getMost(),
                        shortage.getNeeded(),
                        String.join(
                                ", ",
                                shortage.getMigrationsList().stream()
                                        .map(Migrations.SHAPE::brief)
                                        .toList()));
    }

    /** What others take before it; nothing where it can go on at once. */
    private static String start(Duration earliest) {
        return earliest.equals(Duration.getDefaultInstance())
                ? ""
                : ", not before " + Words.duration(earliest) + " from now";
    }

    private static List<String> entry(int place, PlanMigrationsResponse.Entry entry) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d. %s: %s (%s), %s ahead at least%s"
                        .formatted(
                                place,
                                Migrations.SHAPE.brief(entry.getMigration()),
                                entry.getPhase(),
                                entry.getProgress(),
                                Words.duration(entry.getAhead()),
                                start(entry.getEarliest())));
        if (entry.getWaitsForCount() > 0) {
            lines.add(
                    "   waits for "
                            + Words.joined(
                                    entry.getWaitsForList().stream()
                                            .map(Migrations.SHAPE::brief)
                                            .toList()));
        }
        lines.add(
                entry.getOpeningsCount() == 0
                        ? "   its windows do not open"
                        : "   may go on from %s to %s"
                                .formatted(
                                        Timestamps.toString(entry.getOpenings(0).getStart()),
                                        Timestamps.toString(entry.getOpenings(0).getEnd())));
        return lines;
    }
}
