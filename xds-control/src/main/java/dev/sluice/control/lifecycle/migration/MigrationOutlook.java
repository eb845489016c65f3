package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.window.Openings.Span;
import dev.sluice.control.lifecycle.window.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The migrations that are not over, together: in which order, what holds which, and when their
 * calendars let them go on. Immutable.
 *
 * @param entries in an order that keeps to what each depends on; among those that may go, first the
 *     one whose tables the fewest others change, then the one of the lowest risk, then by name
 * @param criticalPath the chain of dependencies that takes longest, the first of it first; empty
 *     when there is no migration
 * @param conflicts pairs that change a table both and do not depend on one another
 * @param shortages budgets of stores that can't serve all of them at once
 */
public record MigrationOutlook(
        List<Entry> entries,
        List<MigrationName> criticalPath,
        List<Conflict> conflicts,
        List<StoreBudgets.Shortage> shortages) {
    public MigrationOutlook {
        entries = List.copyOf(entries);
        criticalPath = List.copyOf(criticalPath);
        conflicts = List.copyOf(conflicts);
        shortages = List.copyOf(shortages);
    }

    /**
     * One of them.
     *
     * @param waitsFor those that it depends on and that are not over
     * @param ahead least time that its remaining phases take: soaks and steps, without jobs
     * @param earliest least time until it can begin: that of what it depends on
     * @param openings when its windows let it go on to its next phase
     */
    public record Entry(
            Migration migration,
            List<MigrationName> waitsFor,
            Duration ahead,
            Duration earliest,
            List<Span> openings) {
        public Entry {
            waitsFor = List.copyOf(waitsFor);
            openings = List.copyOf(openings);
        }
    }

    /**
     * Two that can't both be in a phase that locks; the one that comes first in the order first.
     */
    public record Conflict(
            MigrationName first,
            MigrationName second,
            List<String> tables,
            List<String> contracts) {
        public Conflict {
            tables = List.copyOf(tables);
            contracts = List.copyOf(contracts);
        }
    }

    /**
     * Looks at them.
     *
     * @param span how far ahead windows are looked at
     */
    public static MigrationOutlook of(Catalog catalog, Instant now, Duration span) {
        List<Migration> open = catalog.openMigrationList();
        Map<MigrationName, Migration> byName = new TreeMap<>();
        open.forEach(migration -> byName.put(migration.name(), migration));
        List<Migration> order = order(byName);
        List<Entry> entries = new ArrayList<>();
        Map<MigrationName, Duration> ends = new HashMap<>();
        for (Migration migration : order) {
            List<MigrationName> waitsFor = waitsFor(migration, byName);
            Duration earliest = longest(waitsFor, ends);
            Duration ahead = ahead(catalog, migration);
            ends.put(migration.name(), earliest.plus(ahead));
            entries.add(
                    new Entry(
                            migration,
                            waitsFor,
                            ahead,
                            earliest,
                            openings(catalog, migration, now, now.plus(span))));
        }
        return new MigrationOutlook(
                entries,
                criticalPath(entries, ends),
                conflicts(order, byName),
                StoreBudgets.shortages(catalog, order));
    }

    private static List<Migration> order(Map<MigrationName, Migration> open) {
        Comparator<Migration> first =
                Comparator.<Migration>comparingLong(it -> touching(it, open))
                        .thenComparing(it -> it.spec().product().risk())
                        .thenComparing(Migration::name);
        Map<MigrationName, Migration> left = new TreeMap<>(open);
        List<Migration> order = new ArrayList<>();
        while (!left.isEmpty()) {
            Migration next =
                    left.values().stream()
                            .filter(it -> waitsFor(it, left).isEmpty())
                            .min(first)
                            .orElseThrow(); // dependencies have no cycle
            left.remove(next.name());
            order.add(next);
        }
        return order;
    }

    /** How many others change one of its tables or contracts. */
    private static long touching(Migration migration, Map<MigrationName, Migration> open) {
        return open.values().stream()
                .filter(other -> !MigrationLocks.common(migration, other).isNothing())
                .count();
    }

    private static List<MigrationName> waitsFor(
            Migration migration, Map<MigrationName, Migration> open) {
        return migration.spec().dependsOn().stream().filter(open::containsKey).toList();
    }

    private static Duration longest(List<MigrationName> names, Map<MigrationName, Duration> ends) {
        return names.stream()
                .map(name -> ends.getOrDefault(name, Duration.ZERO))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** The phases through which a migration of a kind of store walks, in order. */
    public static List<Phase> walk(StoreKind store) {
        return PhaseRule.walk(store).stream().map(PhaseRule::phase).toList();
    }

    private static Duration ahead(Catalog catalog, Migration migration) {
        MigrationSpec spec = migration.spec();
        Duration asked = catalog.approvalPolicy(spec.product().risk()).spec().leastSoak();
        Duration sum = Duration.ZERO;
        for (PhaseRule rule : PhaseRule.walk(spec.store())) {
            if (rule.phase().compareTo(migration.phase()) >= 0) {
                sum = sum.plus(leastOf(spec, rule.phase(), asked));
            }
        }
        return sum;
    }

    private static Duration leastOf(MigrationSpec spec, Phase phase, Duration askedSoak) {
        Duration stay = spec.soakOf(phase);
        return switch (phase) {
            case RAMP ->
                    stay.plus(
                            spec.ramp().stream()
                                    .map(RampSpec.Step::soak)
                                    .reduce(Duration.ZERO, Duration::plus));
            case SOAK -> spec.soak().soak().plus(stay.compareTo(askedSoak) > 0 ? stay : askedSoak);
            default -> stay;
        };
    }

    private static List<Span> openings(
            Catalog catalog, Migration migration, Instant from, Instant to) {
        Phase next =
                migration.progress() == Progress.PLANNED
                        ? migration.phase()
                        : PhaseRule.after(migration.spec().store(), migration.phase())
                                .map(PhaseRule::phase)
                                .orElse(migration.phase());
        return Spans.letting(
                catalog.windows().stream()
                        .map(Window::spec)
                        .filter(it -> it.appliesTo(migration.spec().product().risk(), next))
                        .toList(),
                from,
                to);
    }

    private static List<MigrationName> criticalPath(
            List<Entry> entries, Map<MigrationName, Duration> ends) {
        Map<MigrationName, List<MigrationName>> waits = new HashMap<>();
        entries.forEach(entry -> waits.put(entry.migration().name(), entry.waitsFor()));
        Comparator<MigrationName> latest =
                Comparator.comparing(name -> ends.getOrDefault(name, Duration.ZERO));
        List<MigrationName> path = new ArrayList<>();
        List<MigrationName> candidates = entries.stream().map(it -> it.migration().name()).toList();
        while (!candidates.isEmpty()) {
            MigrationName last = candidates.stream().max(latest).orElseThrow();
            path.addFirst(last);
            candidates = waits.getOrDefault(last, List.of());
        }
        return path;
    }

    private static List<Conflict> conflicts(
            List<Migration> order, Map<MigrationName, Migration> open) {
        List<Conflict> conflicts = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            for (Migration second : order.subList(i + 1, order.size())) {
                Migration first = order.get(i);
                var common = MigrationLocks.common(first, second);
                if (!common.isNothing() && !dependsOn(second, first.name(), open)) {
                    conflicts.add(
                            new Conflict(
                                    first.name(),
                                    second.name(),
                                    common.tables(),
                                    common.contracts()));
                }
            }
        }
        return conflicts;
    }

    /** Whether one comes after another anyway, by dependencies of dependencies too. */
    private static boolean dependsOn(
            Migration migration, MigrationName other, Map<MigrationName, Migration> open) {
        return waitsFor(migration, open).stream()
                .flatMap(name -> Stream.ofNullable(open.get(name)))
                .anyMatch(it -> it.name().equals(other) || dependsOn(it, other, open));
    }
}
