package dev.sluice.control.change.spec;

import dev.sluice.contract.DatabaseName;
import java.util.Optional;

/**
 * What migrations together may take of one store. Immutable; ranges are checked by {@code
 * lifecycle}.
 *
 * @param store as before the {@code /} of tables
 * @param budget what there is
 */
public record DatabaseSpec(
        DatabaseName name, Description description, String store, Budget budget) {
    /**
     * A budget; what is empty is not bounded.
     *
     * @param locks migrations in a phase that locks at once, 1..64
     * @param ioPercent input and output that jobs add together, 1..1,000
     * @param replicationPercent replication that jobs add together, 1..1,000
     */
    public record Budget(
            Optional<Integer> locks,
            Optional<Integer> ioPercent,
            Optional<Integer> replicationPercent) {}
}
