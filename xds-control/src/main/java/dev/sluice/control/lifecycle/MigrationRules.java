package dev.sluice.control.lifecycle;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.MigrationGuard.Scene;
import dev.sluice.control.lifecycle.PhaseRule.Back;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides about migrations: {@link PhaseRule} says what each phase means, {@link MigrationGuard}
 * what stands against leaving it, {@link MigrationMoves} what moves then. Immutable.
 *
 * @param guards all of them, but in the test that shows what each is for
 */
record MigrationRules(
        Catalog catalog, CommandContext context, ShareRules shares, Set<MigrationGuard> guards) {

    static MigrationRules all(Catalog catalog, CommandContext context, ShareRules shares) {
        return new MigrationRules(catalog, context, shares, EnumSet.allOf(MigrationGuard.class));
    }

    Decision decide(Command.OfMigration command) {
        MigrationPlans plans = new MigrationPlans(catalog, context, shares);
        ApprovalRules approvals = new ApprovalRules(catalog, context);
        return switch (command) {
            case Command.CreateMigration(var spec) -> plans.create(spec);
            case Command.UpdateMigration(var spec) -> plans.update(spec);
            case Command.DeleteMigration(var name) -> plans.delete(name);
            case Command.AdvanceMigration(var name) -> advance(name);
            case Command.AnswerMigration(var name, var plan, var answer, var groups) ->
                    approvals.answer(name, plan, answer, groups);
            case Command.WithdrawAnswer(var name) -> approvals.withdraw(name);
            case Command.BreakGlass(var name) -> breakGlass(name);
            case Command.ReviewBreakGlass(var name, long seq) -> approvals.review(name, seq);
            case Command.RollbackMigration(var name) -> rollback(name);
            case Command.PauseMigration(var name) -> pause(name);
            case Command.ResumeMigration(var name) -> resume(name);
            case Command.ReportMigration(var name, var report) -> report(name, report);
            case Command.ConfirmMigration(var name, var phase, var progress) ->
                    confirm(name, phase, progress);
        };
    }

    /** Every reason against the next phase. */
    List<Refusal> blockers(Migration migration) {
        Refusals refusals = new Refusals();
        check(migration, refusals);
        return refusals.all();
    }

    private void check(Migration migration, Refusals refusals) {
        Scene scene = new Scene(migration, shares);
        guards.forEach(guard -> guard.check(scene, refusals));
        if (scene.next().isEmpty()) {
            refusals.precondition("phase", migration.phase(), "an earlier one", "it is done");
        }
    }

    private Decision advance(MigrationName name) {
        return on(
                name,
                (migration, refusals) -> {
                    refusals.requireEtag(migration, context);
                    check(migration, refusals);
                },
                migration ->
                        moves(migration).into(new Scene(migration, shares).next().orElseThrow()));
    }

    /** Goes on over what only people could have cleared, and leaves a mark that they must clear. */
    private Decision breakGlass(MigrationName name) {
        return on(
                name,
                (migration, refusals) -> {
                    refusals.requireEtag(migration, context);
                    new Ranges(refusals).text("reason", context.reason(), 1, 1_024);
                    only(guard -> !guard.isOfPeople()).check(migration, refusals);
                    if (overridden(migration).isEmpty()) {
                        refusals.precondition(
                                "name",
                                "no approval, review or window stands against it",
                                "one that does",
                                "advance it as always");
                    }
                },
                migration -> {
                    List<Event> events = new ArrayList<>();
                    events.add(new Event.MigrationGlassBroken(name, overridden(migration)));
                    events.addAll(
                            moves(migration)
                                    .into(new Scene(migration, shares).next().orElseThrow()));
                    return events;
                });
    }

    private List<String> overridden(Migration migration) {
        return only(MigrationGuard::isOfPeople).blockers(migration).stream()
                .map(refusal -> refusal.problem().message())
                .toList();
    }

    private MigrationRules only(Predicate<MigrationGuard> kept) {
        Set<MigrationGuard> left = EnumSet.copyOf(guards);
        left.removeIf(kept.negate());
        return new MigrationRules(catalog, context, shares, left);
    }

    private Decision rollback(MigrationName name) {
        return on(
                name,
                (migration, refusals) -> {
                    new Ranges(refusals).text("reason", context.reason(), 1, 1_024);
                    refuseEnded(migration, refusals);
                    checkBack(migration, refusals);
                },
                migration ->
                        switch (backOf(migration)) {
                            case Back.Abandon() ->
                                    List.of(new Event.MigrationAbandoned(name, "no key had moved"));
                            case Back.To(var phase) -> back(migration, phase, "taken back");
                            case Back.WhileMirrored(var phase) ->
                                    back(migration, phase, "taken back");
                            case Back.Never() -> List.of();
                        });
    }

    private void checkBack(Migration migration, Refusals refusals) {
        Optional<Phase> target =
                switch (backOf(migration)) {
                    case Back.Abandon() -> Optional.<Phase>empty();
                    case Back.To(var phase) -> Optional.of(phase);
                    case Back.WhileMirrored(var phase) -> {
                        refuseUnmirrored(migration, refusals);
                        yield Optional.of(phase);
                    }
                    case Back.Never() -> {
                        refusals.precondition(
                                "phase",
                                migration.phase(),
                                "a phase before the point of no return",
                                "the legacy side is no longer kept in step: repair the new"
                                        + " version and roll forward");
                        yield Optional.empty();
                    }
                };
        if (target.isPresent()) {
            PhaseRule to = PhaseRule.of(migration.spec().store(), target.get());
            shares.refuseForbidden(catalog.gatesOf(migration.spec().target()), refusals);
            if (moves(migration).needsModes(to)) {
                catalog.gatesOf(migration.spec().target())
                        .forEach(gate ->
                                shares.refuseLagging("gates", gate, gate.presentEntry(), refusals));
            }
        }
    }

    private static void refuseUnmirrored(Migration migration, Refusals refusals) {
        if (migration.report(PhaseRule.MIRROR).filter(MigrationGuard::succeeded).isEmpty()) {
            refusals.precondition(
                    "reports[" + PhaseRule.MIRROR + "]",
                    migration
                            .report(PhaseRule.MIRROR)
                            .map(report -> report.outcome() + ": " + report.summary())
                            .orElse("none"),
                    "SUCCEEDED: what is written now reaches the old side",
                    "check the mirror to the old side and report the step, or roll forward");
        }
    }

    private Decision pause(MigrationName name) {
        return on(
                name,
                (migration, refusals) -> refuseEnded(migration, refusals),
                migration -> {
                    if (migration.state() == Migration.State.PAUSED) {
                        return List.of();
                    }
                    List<Event> events = new ArrayList<>();
                    events.add(new Event.MigrationPaused(name));
                    ramp(migration)
                            .filter(ramp -> ramp.state().isActive())
                            .filter(ramp -> ramp.state() != RampState.PAUSED)
                            .ifPresent(ramp ->
                                    events.add(
                                            ShareRules.moved(
                                                    ramp, RampState.PAUSED, name + " is held")));
                    return events;
                });
    }

    /** Its ramp goes on with it. */
    private Decision resume(MigrationName name) {
        Decision own =
                on(
                        name,
                        (migration, refusals) -> refuseEnded(migration, refusals),
                        migration ->
                                migration.state() == Migration.State.PAUSED
                                        ? List.of(new Event.MigrationResumed(name))
                                        : List.of());
        Optional<Ramp> held =
                catalog.migration(name)
                        .flatMap(this::ramp)
                        .filter(ramp -> ramp.state() == RampState.PAUSED);
        return own instanceof Decision.Change(var events) && held.isPresent()
                ? followedBy(events, held.get())
                : own;
    }

    private Decision followedBy(List<Event> events, Ramp held) {
        Decision resumed =
                new RampRules(catalog, context.withoutEtag(), shares).resume(held.name());
        if (!(resumed instanceof Decision.Change(var further))) {
            return resumed;
        }
        List<Event> all = new ArrayList<>(events);
        all.addAll(further);
        return new Decision.Change(all);
    }

    private Decision report(MigrationName name, MigrationReport report) {
        return on(
                name,
                (migration, refusals) -> {
                    new Ranges(refusals).text("summary", report.summary(), 1, 1_024);
                    refuseEnded(migration, refusals);
                    List<String> awaited = new ArrayList<>(ruleOf(migration).reports());
                    if (ruleOf(migration).back() instanceof Back.WhileMirrored) {
                        awaited.add(PhaseRule.MIRROR);
                    }
                    if (!awaited.contains(report.step())
                            || migration.progress() != Progress.RESTING) {
                        refusals.precondition(
                                "step",
                                report.step()
                                        + " while "
                                        + migration.phase()
                                        + " is "
                                        + migration.progress(),
                                "a step of " + awaited + " while the phase is RESTING",
                                "report a step when its phase is in force everywhere");
                    }
                },
                _ -> List.of(new Event.MigrationReported(name, report)));
    }

    private Decision confirm(MigrationName name, Phase phase, Progress progress) {
        Optional<Migration> found = catalog.migration(name);
        Refusals refusals = new Refusals();
        if (refusals.require(found, name).isEmpty()) {
            return refusals.refused();
        }
        Migration migration = found.get();
        if (migration.state() != Migration.State.ACTIVE
                || migration.phase() != phase
                || migration.progress() != progress) {
            refusals.precondition(
                    "progress",
                    phase + " " + progress,
                    migration.phase() + " " + migration.progress() + ", ACTIVE",
                    "read the migration again");
        }
        catalog.gatesOf(migration.spec().target())
                .forEach(
                        gate -> shares.refuseLagging("gates", gate, gate.presentEntry(), refusals));
        if (!refusals.isEmpty()) {
            return refusals.refused();
        }
        return switch (progress) {
            case PLANNED, RESTING -> new Decision.Change(List.of());
            case STEPPING -> stepped(migration, refusals);
            case MOVING -> settled(migration, refusals);
        };
    }

    private Decision stepped(Migration migration, Refusals refusals) {
        PhaseRule rule = ruleOf(migration);
        return switch (rule.keys()) {
            case NONE -> refusals.orElse(() -> moves(migration).keys(rule));
            case ALL -> {
                catalog.gatesOf(migration.spec().target()).stream()
                        .filter(gate -> !gate.content().share().isAll())
                        .forEach(gate -> shares.refuseRaise("gates", gate, refusals));
                yield refusals.orElse(() -> moves(migration).keys(rule));
            }
            case RAMP, SOAK -> {
                RampSpec ramp = moves(migration).rampOf(rule);
                Decision begins = new RampRules(catalog, context, shares).begin(ramp, refusals);
                yield begins instanceof Decision.Change(var events)
                        ? new Decision.Change(moves(migration).ramp(rule, ramp, events))
                        : begins;
            }
        };
    }

    private Decision settled(Migration migration, Refusals refusals) {
        Optional<RampState> ramp =
                ramp(migration)
                        .filter(_ ->
                                ruleOf(migration).keys() == PhaseRule.Keys.RAMP
                                        || ruleOf(migration).keys() == PhaseRule.Keys.SOAK)
                        .map(Ramp::state);
        if (ramp.filter(RampState.ROLLED_BACK::equals).isPresent()
                && backOf(migration) instanceof Back.To(var phase)) {
            return refusals.orElse(() -> back(migration, phase, "its ramp was taken back"));
        }
        if (ramp.filter(RampState::isActive).isPresent()) {
            refusals.precondition(
                    "progress", "its ramp is " + ramp.get(), "SUCCEEDED", "wait for the ramp");
        }
        return refusals.orElse(() -> List.of(moves(migration).resting()));
    }

    private List<Event> back(Migration migration, Phase to, String why) {
        return moves(migration).back(PhaseRule.of(migration.spec().store(), to), why);
    }

    private Optional<Ramp> ramp(Migration migration) {
        return migration.ramp().flatMap(catalog::ramp);
    }

    private MigrationMoves moves(Migration migration) {
        return new MigrationMoves(migration, shares);
    }

    private static PhaseRule ruleOf(Migration migration) {
        return PhaseRule.of(migration.spec().store(), migration.phase());
    }

    private static Back backOf(Migration migration) {
        return migration.progress() == Progress.PLANNED
                ? new Back.Abandon()
                : ruleOf(migration).back();
    }

    private static void refuseEnded(Migration migration, Refusals refusals) {
        if (!migration.state().isOpen()) {
            refusals.precondition(
                    "state", migration.state(), "ACTIVE or PAUSED", "plan another migration");
        }
    }

    private interface Check {
        void on(Migration migration, Refusals refusals);
    }

    private interface Events {
        List<Event> of(Migration migration);
    }

    private Decision on(MigrationName name, Check check, Events events) {
        Refusals refusals = new Refusals();
        Optional<Migration> found = refusals.require(catalog.migration(name), name);
        if (found.isEmpty()) {
            return refusals.refused();
        }
        refusals.checkEtag(found.get(), context);
        check.on(found.get(), refusals);
        return refusals.orElse(() -> events.of(found.get()));
    }
}
