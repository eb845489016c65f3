package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.Prerequisites;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.control.lifecycle.migration.PhaseRule.Back;
import dev.sluice.control.lifecycle.ramp.RampPlans;
import java.util.List;
import java.util.Optional;

/**
 * Decides what follows when what a migration waited for is in force everywhere: its modes, then its
 * keys. Immutable.
 */
record MigrationProgress(Catalog catalog, ShareRules shares) {
    Decision confirm(MigrationName name, Phase phase, Progress progress) {
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
                .forEach(gate -> {
                    shares.guards().refuseLagging("gates", gate, gate.presentEntry(), refusals);
                    shares.guards().writes().refuseMoving("gates", gate, refusals);
                });
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
        PhaseRule rule = rule(migration);
        return switch (rule.keys()) {
            case NONE -> refusals.orElse(() -> moves(migration).keys(rule));
            case ALL -> {
                List<GateState> raised =
                        catalog.gatesOf(migration.spec().target()).stream()
                                .filter(gate -> !gate.content().share().isAll())
                                .toList();
                raised.forEach(gate -> shares.guards().refuseRaise("gates", gate, refusals));
                refuseFrozen(migration, raised, refusals);
                Prerequisites.refuse(catalog, "gates", raised, PartsPerMillion.ALL, refusals);
                yield refusals.orElse(() -> moves(migration).keys(rule));
            }
            case RAMP, SOAK -> {
                RampSpec ramp = moves(migration).rampOf(rule);
                refuseFrozen(migration, catalog.gatesOf(ramp.target()), refusals);
                Decision begins = new RampPlans(catalog, shares).begin(ramp, refusals);
                yield begins instanceof Decision.Change(var events)
                        ? new Decision.Change(moves(migration).ramp(rule, ramp, events))
                        : begins;
            }
        };
    }

    /**
     * Keys of a phase that was entered before a freeze wait for its end, unless people broke the
     * glass to enter it and nobody has looked at that yet.
     */
    private void refuseFrozen(Migration migration, List<GateState> gates, Refusals refusals) {
        boolean isBroken =
                migration.consent().unreviewed().stream()
                        .anyMatch(broken -> broken.time().equals(migration.since()));
        if (!isBroken) {
            gates.forEach(gate -> shares.guards().refuseFrozen("gates", gate, refusals));
        }
    }

    private Decision settled(Migration migration, Refusals refusals) {
        Optional<RampState> ramp =
                migration
                        .ramp()
                        .flatMap(catalog::ramp)
                        .filter(_ ->
                                rule(migration).keys() == PhaseRule.Keys.RAMP
                                        || rule(migration).keys() == PhaseRule.Keys.SOAK)
                        .map(Ramp::state);
        if (ramp.filter(RampState.ROLLED_BACK::equals).isPresent()
                && new MigrationReturn(migration, shares).way() instanceof Back.To(var phase)) {
            return refusals.orElse(() ->
                    new MigrationReturn(migration, shares).to(phase, "its ramp was taken back"));
        }
        if (ramp.filter(RampState::isActive).isPresent()) {
            refusals.precondition(
                    "progress", "its ramp is " + ramp.get(), "SUCCEEDED", "wait for the ramp");
        }
        return refusals.orElse(() -> List.of(moves(migration).resting()));
    }

    private MigrationMoves moves(Migration migration) {
        return new MigrationMoves(migration, shares);
    }

    private static PhaseRule rule(Migration migration) {
        return PhaseRule.of(migration.spec().store(), migration.phase());
    }
}
