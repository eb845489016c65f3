package dev.sluice.control.lifecycle.migration;

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
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.control.lifecycle.migration.PhaseRule.Back;
import dev.sluice.control.lifecycle.ramp.RampRules;
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
public record MigrationRules(
        Catalog catalog, CommandContext context, ShareRules shares, Set<MigrationGuard> guards) {

    public static MigrationRules all(Catalog catalog, CommandContext context, ShareRules shares) {
        return new MigrationRules(catalog, context, shares, EnumSet.allOf(MigrationGuard.class));
    }

    public Decision decide(Command.OfMigration command) {
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
            case Command.EscalateMigration(var name) -> escalate(name);
            case Command.ConfirmMigration(var name, var phase, var progress) ->
                    new MigrationProgress(catalog, shares).confirm(name, phase, progress);
        };
    }

    /** Every reason against the next phase. */
    public List<Refusal> blockers(Migration migration) {
        Refusals refusals = new Refusals();
        check(migration, refusals);
        return refusals.all();
    }

    private void check(Migration migration, Refusals refusals) {
        MigrationScene scene = new MigrationScene(migration, shares);
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
                        moves(migration)
                                .into(new MigrationScene(migration, shares).next().orElseThrow()));
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
                                    .into(
                                            new MigrationScene(migration, shares)
                                                    .next()
                                                    .orElseThrow()));
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
                    back(migration).check(refusals);
                },
                migration -> back(migration).events());
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

    /** Nothing happens when it waits no more. */
    private Decision escalate(MigrationName name) {
        return on(
                name,
                (_, _) -> {},
                migration ->
                        new EscalationRules(migration, shares)
                                .due().stream()
                                        .<Event>map(why -> new Event.MigrationEscalated(name, why))
                                        .toList());
    }

    private MigrationReturn back(Migration migration) {
        return new MigrationReturn(migration, shares);
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
