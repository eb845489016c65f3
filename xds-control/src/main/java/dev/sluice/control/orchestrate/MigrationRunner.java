package dev.sluice.control.orchestrate;

import dev.sluice.contract.MigrationName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.WriteGuards;
import dev.sluice.control.path.ChangePath;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes migrations on within their phase: once what was on its way is applied everywhere, and the
 * ramp of the phase is over, it says so. From phase to phase only people go; it calls them when one
 * waits for them for too long. It keeps no state of its own but which command is under way; the
 * phase and progress that each command names keep it from being done twice.
 *
 * <p>{@link #tick} is called by one thread at a time; {@link #blockers} by any.
 */
public final class MigrationRunner {
    private final ChangePath path;
    private final Supplier<FleetReport> fleet;
    private final InstantSource clock;
    private final Map<MigrationName, CompletableFuture<?>> underWay = new HashMap<>();

    /**
     * @param fleet what the nodes have told of themselves by now
     */
    public MigrationRunner(ChangePath path, Supplier<FleetReport> fleet, InstantSource clock) {
        this.path = path;
        this.fleet = fleet;
        this.clock = clock;
    }

    /** What the nodes have told of themselves by now; thread-safe. */
    public FleetReport fleet() {
        return fleet.get();
    }

    /** Looks at every migration at work; to be called every second or so. */
    public void tick() {
        Catalog catalog = path.feed().latest();
        underWay.values().removeIf(CompletableFuture::isDone);
        for (Migration migration : catalog.openMigrationList()) {
            if (underWay.containsKey(migration.name())) {
                continue;
            }
            if (isDue(catalog, migration)) {
                give(
                        migration,
                        new Command.ConfirmMigration(
                                migration.name(), migration.phase(), migration.progress()));
            } else if (Lifecycle.isEscalationDue(catalog, fleet.get(), migration, context())) {
                give(migration, new Command.EscalateMigration(migration.name()));
            }
        }
    }

    private void give(Migration migration, Command command) {
        underWay.put(migration.name(), path.submit(command, context()));
    }

    private CommandContext context() {
        return CommandContext.of(Principal.ORCHESTRATOR, clock.instant());
    }

    /** Everything that stands against the next phase now. */
    public List<Refusal> blockers(Migration migration) {
        return Lifecycle.blockers(path.feed().latest(), fleet.get(), migration, context());
    }

    private boolean isDue(Catalog catalog, Migration migration) {
        boolean onItsWay =
                migration.state() == Migration.State.ACTIVE
                        && (migration.progress() == Progress.STEPPING
                                || migration.progress() == Progress.MOVING);
        boolean driven =
                migration.progress() == Progress.MOVING
                        && migration
                                .ramp()
                                .flatMap(catalog::ramp)
                                .map(Ramp::state)
                                .filter(RampState::isActive)
                                .isPresent();
        return onItsWay
                && !driven
                && WriteGuards.areSettled(catalog.gatesOf(migration.spec().target()))
                && fleet.get()
                        .lagging(catalog, catalog.gatesOf(migration.spec().target()))
                        .isEmpty();
    }
}
