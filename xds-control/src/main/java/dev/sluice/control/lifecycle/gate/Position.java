package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import java.util.Optional;

/**
 * How far the keys of a gate have come, and their writes. Immutable.
 *
 * @param share part of the keys that have moved
 * @param authority which store is written first; empty: it begins with the modes, where their
 *     authoritative arms differ at the share
 * @param hold of writes on their way
 */
record Position(
        PartsPerMillion share,
        Optional<Gate.WriteAuthority> authority,
        Optional<Gate.WriteHold> hold) {

    Position withShare(PartsPerMillion newShare) {
        return new Position(newShare, authority, hold);
    }

    /** What a gate of these modes says of its writes. */
    Gate over(Gate gate) {
        if (!WriteMove.concerns(gate)) {
            return gate.withWrites(new Gate.WriteAuthority.ByMode(), Optional.empty());
        }
        return gate.withWrites(
                authority.orElseGet(() -> new Gate.WriteAuthority.NewBelow(share)), hold);
    }
}
