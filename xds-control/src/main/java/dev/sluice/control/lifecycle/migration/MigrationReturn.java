package dev.sluice.control.lifecycle.migration;

import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.control.lifecycle.migration.PhaseRule.Back;
import java.util.List;
import java.util.Optional;

/** The way back of a migration from where it is. Immutable. */
record MigrationReturn(Migration migration, ShareRules shares) {
    /** What its present phase says of going back. */
    Back way() {
        return migration.progress() == Progress.PLANNED
                ? new Back.Abandon()
                : PhaseRule.of(migration.spec().store(), migration.phase()).back();
    }

    /** What happens on the way back. */
    List<Event> events() {
        return switch (way()) {
            case Back.Abandon() ->
                    List.of(new Event.MigrationAbandoned(migration.name(), "no key had moved"));
            case Back.To(var phase) -> to(phase, "taken back");
            case Back.WhileMirrored(var phase) -> to(phase, "taken back");
            case Back.Never() -> List.of();
        };
    }

    /** Goes back to a phase. */
    List<Event> to(Phase phase, String why) {
        return new MigrationMoves(migration, shares)
                .back(PhaseRule.of(migration.spec().store(), phase), why);
    }

    /** Notes what stands against it. */
    void check(Refusals refusals) {
        Optional<Phase> target =
                switch (way()) {
                    case Back.Abandon() -> Optional.<Phase>empty();
                    case Back.To(var phase) -> Optional.of(phase);
                    case Back.WhileMirrored(var phase) -> {
                        refuseUnmirrored(refusals);
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
            shares.guards()
                    .refuseBack(shares.catalog().gatesOf(migration.spec().target()), refusals);
            if (new MigrationMoves(migration, shares).needsModes(to)) {
                shares.catalog()
                        .gatesOf(migration.spec().target())
                        .forEach(gate -> {
                            shares.guards()
                                    .refuseLagging("gates", gate, gate.presentEntry(), refusals);
                            shares.guards().writes().refuseMoving("gates", gate, refusals);
                        });
            }
        }
    }

    private void refuseUnmirrored(Refusals refusals) {
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
}
