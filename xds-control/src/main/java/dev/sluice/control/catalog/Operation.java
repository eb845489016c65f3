package dev.sluice.control.catalog;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.OperationSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * An operation as it is. Immutable.
 *
 * @param actor who began it
 * @param reason why, for people
 * @param begun place of the log at which it began
 * @param steps how many are in force
 * @param stepTime when the last of them came into force, else when it began
 * @param outcome how it ended; empty while it runs
 */
public record Operation(
        OperationSpec spec,
        Principal actor,
        String reason,
        long begun,
        int steps,
        Instant stepTime,
        Optional<OperationOutcome> outcome,
        Meta meta)
        implements Resource {
    public OperationName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    public boolean isRunning() {
        return outcome.isEmpty();
    }

    Operation stepped(int step, Meta at) {
        return new Operation(spec, actor, reason, begun, step + 1, at.updateTime(), outcome, at);
    }

    Operation ended(OperationOutcome how, Meta at) {
        return new Operation(spec, actor, reason, begun, steps, stepTime, Optional.of(how), at);
    }
}
