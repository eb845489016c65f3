package dev.sluice.control.catalog;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.GateSpec;
import java.util.Optional;
import java.util.Set;

/** What events do to one gate. Stateless. */
final class GateFold {
    private GateFold() {}

    /**
     * The gate by its new revision, with what is not yet acknowledged of its trips and kills.
     *
     * @param before empty for a new gate
     */
    static GateState revised(
            Optional<GateState> before, GateSpec spec, GateRevisionEntry entry, Meta meta) {
        PersistentMap<GateRevision, GateRevisionEntry> history =
                before.map(GateState::revisions).orElse(PersistentMap.empty());
        PersistentMap<String, TripReport> trips =
                before.map(GateState::trips).orElseGet(PersistentMap::empty);
        PersistentMap<String, LocalKillReport> kills =
                before.map(GateState::localKills).orElseGet(PersistentMap::empty);
        Set<String> acknowledged = spec.content().acknowledgedTrips();
        return new GateState(
                spec,
                history.with(entry.revision(), entry),
                open(trips, acknowledged),
                open(kills, acknowledged),
                meta);
    }

    /** What is left when some are acknowledged. */
    private static <V> PersistentMap<String, V> open(
            PersistentMap<String, V> latched, Set<String> acknowledged) {
        PersistentMap<String, V> left = latched;
        if (left.size() > 0) {
            for (String id : acknowledged) {
                left = left.without(id);
            }
        }
        return left;
    }
}
