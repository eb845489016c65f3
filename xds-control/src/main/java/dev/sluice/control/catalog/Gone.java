package dev.sluice.control.catalog;

import dev.sluice.contract.ServiceName;
import dev.sluice.control.change.spec.VersionSpec;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A version that nodes had once and have no more. A node that comes back may still route to it.
 * Immutable.
 *
 * @param spec as it was last
 * @param seq place of the log at which it went
 * @param time when that was, by the log
 * @param callers services whose nodes had it
 */
public record Gone(VersionSpec spec, long seq, Instant time, Set<ServiceName> callers) {
    public Gone {
        callers = Set.copyOf(callers);
    }

    /** The same with those that lost it before. */
    Gone and(Optional<Gone> before) {
        Set<ServiceName> all = new HashSet<>(callers);
        before.ifPresent(earlier -> all.addAll(earlier.callers()));
        return new Gone(spec, seq, time, all);
    }
}
