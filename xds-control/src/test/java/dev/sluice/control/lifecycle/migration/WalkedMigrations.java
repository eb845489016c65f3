package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.MigrationReport.Outcome;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A shop whose migrations a test walks through their phases, an hour each. Owned by one test. */
final class WalkedMigrations {
    static final MigrationName NAME = new MigrationName("m");

    final World world = World.shop(0);
    Instant now = Fixtures.START;

    void separate(String gate) {
        world.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        gate,
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.OFF,
                                        Mode.DUAL_WRITE,
                                        TakeBack.FROM),
                                Description.NONE)));
    }

    void plan(String id, String gate, StoreKind store) {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(id, gate, store, List.of("db/orders"))));
    }

    /** To the end, showing each phase once it is in force. */
    void walk(String id, Consumer<Migration> seen) {
        begin(id);
        while (migration(id).state() != Migration.State.DONE) {
            seen.accept(migration(id));
            pass(migration(id).phase());
            advance(id);
            settle(id);
        }
    }

    void walkTo(Phase phase) {
        begin("m");
        while (migration("m").phase() != phase) {
            pass(migration("m").phase());
            advance("m");
            settle("m");
        }
    }

    void begin(String id) {
        advance(id);
        settle(id);
    }

    /** Everything that the phase asks for. */
    void pass(Phase phase) {
        now = now.plus(Duration.ofHours(1));
        PhaseRule.of(migration("m").spec().store(), phase)
                .reports()
                .forEach(step -> report(step, Outcome.SUCCEEDED));
    }

    Phase back() {
        world.accept(new Command.RollbackMigration(NAME), admin());
        settle("m");
        return migration("m").phase();
    }

    void advance(String id) {
        Command advance = new Command.AdvanceMigration(new MigrationName(id));
        world.accept(advance, careful(id));
    }

    void settle(String id) {
        while (migration(id).state().isOpen() && migration(id).progress() != Progress.RESTING) {
            finishRamp(id);
            confirm(id);
        }
    }

    void finishRamp(String id) {
        Optional.of(migration(id))
                .filter(migration -> migration.progress() == Progress.MOVING)
                .flatMap(Migration::ramp)
                .flatMap(world.catalog()::ramp)
                .ifPresent(ramp -> {
                    for (int step = ramp.step();
                            step < ramp.spec().steps().size() && ramp.state().isActive();
                            step++) {
                        world.accept(new Command.ConfirmStep(ramp.name(), step), admin());
                        world.accept(
                                new Command.StepRamp(ramp.name(), step), world.soaked(ramp.name()));
                    }
                });
    }

    void confirm(String id) {
        Migration migration = migration(id);
        world.accept(
                new Command.ConfirmMigration(
                        migration.name(), migration.phase(), migration.progress()),
                admin());
    }

    Command.ReportMigration report(String id, String step, Outcome outcome) {
        return new Command.ReportMigration(
                new MigrationName(id), new MigrationReport(step, outcome, "so it went"));
    }

    Command.ReportMigration reportOf(String step, Outcome outcome) {
        return report("m", step, outcome);
    }

    void report(String step, Outcome outcome) {
        world.accept(reportOf(step, outcome), admin());
    }

    RampState ramp() {
        return world.catalog().ramp(migration("m").ramp().orElseThrow()).orElseThrow().state();
    }

    Migration migration(String id) {
        return world.catalog().migration(new MigrationName(id)).orElseThrow();
    }

    CommandContext admin() {
        return at(Fixtures.admin());
    }

    CommandContext careful(String id) {
        return at(
                world.careful(
                        world.catalog().migration(new MigrationName(id)).isPresent()
                                ? new Command.AdvanceMigration(new MigrationName(id))
                                : new Command.DeleteGate(new GateName(id))));
    }

    CommandContext at(CommandContext context) {
        return new CommandContext(
                context.caller(),
                context.requestId(),
                context.reason(),
                context.validation(),
                context.etag(),
                now);
    }

    List<String> paths(Command command) {
        return world.refuse(command, at(world.careful(command))).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }
}
