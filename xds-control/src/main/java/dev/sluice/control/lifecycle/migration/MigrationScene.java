package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a {@link MigrationGuard} looks at. Immutable. */
record MigrationScene(Migration migration, ShareRules shares) {
    StoreKind store() {
        return migration.spec().store();
    }

    Catalog catalog() {
        return shares.catalog();
    }

    Instant now() {
        return shares.context().time();
    }

    List<GateState> gates() {
        return catalog().gatesOf(migration.spec().target());
    }

    /** What the risk of the migration asks for. */
    ApprovalPolicySpec policy() {
        return catalog().policyOf(migration);
    }

    /** Those that have a say in going on to a phase. */
    List<WindowSpec> windows(Phase next) {
        return catalog().windows().stream()
                .map(Window::spec)
                .filter(window -> window.appliesTo(migration.spec().product().risk(), next))
                .toList();
    }

    /** In the present phase, once it is in force. */
    Duration leastStay() {
        return LeastStay.of(catalog(), migration);
    }

    /** Of the present phase. */
    PhaseRule rule() {
        return PhaseRule.of(store(), migration.phase());
    }

    /** What an advance leads to; empty at the end. */
    Optional<PhaseRule> next() {
        return migration.progress() == Progress.PLANNED
                ? Optional.of(rule())
                : PhaseRule.after(store(), migration.phase());
    }

    /** Whether a gate is where the phase says. */
    boolean isInStep(GateState gate) {
        if (migration.progress() == Progress.PLANNED) {
            return gate.content().share().isNone()
                    && gate.content().from() == rule().from()
                    && catalog().activeRamp(migration.spec().target()).isEmpty();
        }
        return rule().keys() == PhaseRule.Keys.RAMP
                ? rule().hasModesOf(gate.content())
                        && gate.content().share().equals(migration.spec().ramp().getLast().share())
                : PhaseRule.allIn(rule().rest(), gate.content());
    }

    /** Where the phase says that gates are. */
    String inStep() {
        if (migration.progress() == Progress.PLANNED) {
            return rule().from() + " at 0 %, and no ramp at work";
        }
        return rule().keys() == PhaseRule.Keys.RAMP
                ? "the share of the last step of the ramp"
                : "every key in " + rule().rest();
    }
}
