package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import java.time.Duration;
import java.util.Optional;

/**
 * How far the keys of a gate have come, and their writes. Immutable.
 *
 * @param share part of the keys that have moved
 * @param authority which store is written first; empty: it begins with the modes, where their
 *     authoritative arms differ at the share
 * @param held buckets whose writes wait on their way
 */
record Position(
        PartsPerMillion share, Optional<Gate.WriteAuthority> authority, Optional<Buckets> held) {

    /**
     * An interval of buckets.
     *
     * @param to first that is not in it
     */
    record Buckets(int from, int to) {}

    Position withShare(PartsPerMillion newShare) {
        return new Position(newShare, authority, held);
    }

    /**
     * What a gate of these modes says of its writes.
     *
     * @param maxWait longest wait of a held write
     */
    Gate over(Gate gate, Duration maxWait) {
        if (!WriteMove.concerns(gate)) {
            return gate.withWrites(new Gate.WriteAuthority.ByMode(), Optional.empty());
        }
        return gate.withWrites(
                authority.orElseGet(() -> new Gate.WriteAuthority.NewBelow(share)),
                held.map(buckets -> new Gate.WriteHold(buckets.from(), buckets.to(), maxWait)));
    }
}
