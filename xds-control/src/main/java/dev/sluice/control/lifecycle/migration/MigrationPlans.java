package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.control.lifecycle.ramp.RampPlans;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides about what is planned of migrations. Immutable. */
record MigrationPlans(Catalog catalog, CommandContext context, ShareRules shares) {
    /** Leaves room for what the names of its ramps add. */
    private static final int LONGEST_ID = 40;

    private static final int MOST_TABLES = 256;
    private static final int MOST_DEPENDENCIES = 64;
    private static final Duration LONGEST_SOAK = Duration.ofDays(90);

    Decision create(MigrationSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.migration(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.MigrationPut(spec)));
    }

    Decision update(MigrationSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Migration> found = refusals.require(catalog.migration(spec.name()), spec.name());
        if (found.isEmpty()) {
            return refusals.refused();
        }
        Migration migration = found.get();
        refusals.requireEtag(migration, context);
        if (migration.progress() != Progress.PLANNED
                && !walk(migration.spec()).equals(walk(spec))) {
            refusals.precondition(
                    "steps",
                    "another walk after it has begun",
                    "the same target, store, tables and stores, dependencies, soaks, steps, judge and"
                            + " approvers",
                    "take the migration back and plan another");
        }
        check(spec, refusals);
        return refusals.orElse(() ->
                spec.equals(migration.spec()) ? List.of() : List.of(new Event.MigrationPut(spec)));
    }

    Decision delete(MigrationName name) {
        Refusals refusals = new Refusals();
        Optional<Migration> found = refusals.require(catalog.migration(name), name);
        found.ifPresent(migration -> {
            refusals.checkEtag(migration, context);
            if (migration.state().isOpen() && migration.progress() != Progress.PLANNED) {
                refusals.precondition(
                        "state",
                        migration.phase() + ", " + migration.state(),
                        "one that has not begun or is over",
                        "take it back or finish it first");
            }
        });
        catalog.migrations().stream()
                .filter(other -> other.spec().dependsOn().contains(name))
                .forEach(other -> refusals.inUse(other.name()));
        return refusals.orElse(() -> List.of(new Event.MigrationDeleted(name)));
    }

    private void check(MigrationSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.text("name", spec.name().id(), 1, LONGEST_ID);
        ranges.text("outcome", spec.product().outcome(), 0, 1_024);
        ranges.text("ticket_uri", spec.product().ticketUri(), 0, 1_024);
        ranges.number("tables", spec.tables().size(), 0, MOST_TABLES);
        spec.tables().forEach(table -> ranges.text("tables", table, 1, 256));
        ranges.number("depends_on", spec.dependsOn().size(), 0, MOST_DEPENDENCIES);
        spec.soaks()
                .forEach(soak -> {
                    String at = "soaks[" + soak.phase() + "]";
                    ranges.duration(at, soak.least(), Duration.ZERO, LONGEST_SOAK);
                    soak.estimate()
                            .ifPresent(it ->
                                    ranges.duration(
                                            at + ".estimate", it, Duration.ZERO, LONGEST_SOAK));
                });
        new ProfileRules(catalog, context, refusals, ranges).check(spec);
        checkTarget(spec, refusals);
        checkSteps(spec, refusals);
        checkDependencies(spec, refusals);
        Set<Object> phases = new HashSet<>();
        spec.soaks().stream()
                .filter(soak -> !phases.add(soak.phase()))
                .forEach(soak ->
                        refusals.invalid(
                                "soaks", soak.phase() + " twice", "each once", "keep one of them"));
    }

    private void checkTarget(MigrationSpec spec, Refusals refusals) {
        refusals.reference(catalog.find(spec.target().name()), "target", spec.target().name());
        shares.guards().refuseSetMember(spec.target(), refusals);
        catalog.openMigration(spec.target())
                .filter(other -> !other.name().equals(spec.name()))
                .ifPresent(other ->
                        refusals.precondition(
                                "target",
                                other.name() + " moves " + spec.target().name(),
                                "no other migration of it that is not over",
                                "finish that one first, or give it up"));
        catalog.gatesOf(spec.target()).stream()
                .filter(gate -> gate.content().storeKind() != spec.store())
                .forEach(gate ->
                        refusals.precondition(
                                "store",
                                spec.store(),
                                gate.content().storeKind() + ", as " + gate.name() + " says",
                                "give both the kind of store that there is"));
    }

    private void checkSteps(MigrationSpec spec, Refusals refusals) {
        RampSpec ramp =
                new RampSpec(
                        new RampName("plan"),
                        spec.target(),
                        spec.ramp(),
                        spec.judge(),
                        Optional.empty());
        RampPlans.checkSteps(ramp, refusals);
        RampPlans.checkJudge(spec.judge(), refusals);
        if (!spec.ramp().isEmpty() && spec.ramp().getLast().share().isAll()) {
            refusals.invalid(
                    "steps",
                    "a last step of 100 %",
                    "below 100 %, where legacy can still be compared with",
                    "end the ramp at 99 %; SOAK brings the rest");
        }
        if (!spec.soak().share().equals(PartsPerMillion.ALL)) {
            refusals.invalid("soak.share_ppm", spec.soak().share(), "100 %", "leave it out");
        }
    }

    private void checkDependencies(MigrationSpec spec, Refusals refusals) {
        spec.dependsOn().stream()
                .filter(name -> !name.equals(spec.name()))
                .forEach(name -> refusals.reference(catalog.migration(name), "depends_on", name));
        MigrationLocks.cycle(catalog, spec)
                .ifPresent(cycle ->
                        refusals.invalid(
                                "depends_on",
                                "the cycle " + cycle,
                                "an order in which each can follow the others",
                                "take one of them out"));
    }

    /** What decides how it walks. */
    private static List<Object> walk(MigrationSpec spec) {
        return List.of(
                spec.target(),
                spec.store(),
                spec.tables(),
                spec.profile().scope().stores(),
                spec.profile().scope().contracts(),
                spec.dependsOn(),
                spec.soaks(),
                spec.ramp(),
                spec.soak(),
                spec.judge(),
                spec.profile().people().approvers());
    }
}
