package dev.sluice.control.lifecycle.migration;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long a migration stays in its phase at the least, once that is in force. Stateless. */
public final class LeastStay {
    private LeastStay() {}

    /** The longer of what its plan says and, in SOAK, what the policy of its risk asks for. */
    static Duration of(Catalog catalog, Migration migration) {
        Duration planned = migration.spec().soakOf(migration.phase());
        Duration asked =
                migration.phase() == Phase.SOAK
                        ? catalog.policyOf(migration).leastSoak()
                        : Duration.ZERO;
        return planned.compareTo(asked) > 0 ? planned : asked;
    }

    /**
     * When a migration has been in its phase for that long; empty while the phase is not in force
     * and once the migration is over.
     */
    public static Optional<Instant> end(Catalog catalog, Migration migration) {
        return migration.state().isOpen() && migration.progress() == Progress.RESTING
                ? Optional.of(migration.since().plus(of(catalog, migration)))
                : Optional.empty();
    }
}
