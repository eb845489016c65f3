package dev.sluice.control.lifecycle.migration;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds migrations that have waited too long for people. Immutable. */
public record EscalationRules(Migration migration, ShareRules shares) {
    /** What people clear by their word; a window opens by itself. */
    private static final Set<MigrationGuard> WORDS =
            EnumSet.of(MigrationGuard.APPROVALS, MigrationGuard.REVIEWS);

    /** A wait: since when, and for what. */
    private record Wait(Instant since, String reason) {}

    /** What it waits for when people are to be called now; they are called once for each wait. */
    public Optional<String> due() {
        if (migration.state() != Migration.State.ACTIVE) {
            return Optional.empty();
        }
        return catalog()
                .policyOf(migration)
                .escalateAfter()
                .flatMap(longest ->
                        waits().filter(wait -> !now().isBefore(wait.since.plus(longest)))
                                .filter(wait -> !isCalled(wait)))
                .map(wait -> "waiting since " + wait.since + ": " + wait.reason);
    }

    private boolean isCalled(Wait wait) {
        return migration.escalated().filter(when -> !when.isBefore(wait.since)).isPresent();
    }

    private Optional<Wait> waits() {
        return migration.progress() == Progress.MOVING ? forDecision() : forWords();
    }

    /** Its ramp asks a person, such as when the judge stays undecided. */
    private Optional<Wait> forDecision() {
        return migration
                .ramp()
                .flatMap(catalog()::ramp)
                .filter(ramp -> ramp.state() == RampState.WAITING_FOR_APPROVAL)
                .map(ramp -> new Wait(ramp.stateTime(), of(ramp)));
    }

    private static String of(Ramp ramp) {
        return ramp.name() + ": " + ramp.message();
    }

    /** Nothing but approvals and reviews stands against the next phase. */
    private Optional<Wait> forWords() {
        List<Refusal> words = blockers(WORDS);
        Set<MigrationGuard> others = EnumSet.complementOf(EnumSet.copyOf(WORDS));
        return words.isEmpty() || !blockers(others).isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Wait(
                                LeastStay.end(catalog(), migration).orElse(migration.since()),
                                words.getFirst().problem().message()));
    }

    private List<Refusal> blockers(Set<MigrationGuard> guards) {
        return new MigrationRules(catalog(), shares.context(), shares, guards).blockers(migration);
    }

    private Catalog catalog() {
        return shares.catalog();
    }

    private Instant now() {
        return shares.context().time();
    }
}
