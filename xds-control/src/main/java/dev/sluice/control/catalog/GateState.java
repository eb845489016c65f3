package dev.sluice.control.catalog;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.GateSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A gate as it is, with everything it has been. Immutable.
 *
 * @param spec the present revision
 * @param revisions every revision by its order, the present one last
 * @param trips by id, reported by sidecars and not yet acknowledged
 * @param localKills by id, given at sidecars and not yet acknowledged
 */
public record GateState(
        GateSpec spec,
        PersistentMap<GateRevision, GateRevisionEntry> revisions,
        PersistentMap<String, TripReport> trips,
        PersistentMap<String, LocalKillReport> localKills,
        Meta meta)
        implements Resource {
    public GateName name() {
        return spec.content().name();
    }

    /** What sidecars obey. */
    public Gate content() {
        return spec.content();
    }

    /** The one share of gates that move together; empty without any. */
    public static Optional<PartsPerMillion> share(List<GateState> together) {
        return together.stream().findFirst().map(gate -> gate.content().share());
    }

    public GateRevision revision() {
        return spec.content().revision().orElseThrow();
    }

    public Optional<GateRevisionEntry> revision(GateRevision wanted) {
        return revisions.get(wanted);
    }

    /** The revision in force. */
    public GateRevisionEntry presentEntry() {
        return revisions.get(revision()).orElseThrow();
    }

    /**
     * The revision at which the present pair of modes began; empty for the first pair of a name
     * that had no gate before, since no node can have an older one.
     */
    public Optional<GateRevisionEntry> pairBegan() {
        Optional<GateRevisionEntry> began = Optional.empty();
        for (GateRevisionEntry entry : revisions.values()) {
            if (began.filter(first -> samePair(first, entry)).isEmpty()) {
                began = Optional.of(entry);
            }
        }
        return began.filter(first -> first.revision().number() > 1);
    }

    private static boolean samePair(GateRevisionEntry one, GateRevisionEntry other) {
        Gate a = one.spec().content();
        Gate b = other.spec().content();
        return a.from() == b.from() && a.to() == b.to();
    }

    /** Trips that moved keys and are not acknowledged; while there are any, no share is raised. */
    public Collection<TripReport> openTrips() {
        return trips.values();
    }

    /** Kills that stand at sidecars; while there are any, no share is raised. */
    public Collection<LocalKillReport> openLocalKills() {
        return localKills.values();
    }

    GateState with(TripReport trip) {
        return new GateState(spec, revisions, trips.with(trip.id(), trip), localKills, meta);
    }

    GateState with(LocalKillReport kill) {
        return new GateState(spec, revisions, trips, localKills.with(kill.id(), kill), meta);
    }

    GateState withSpec(GateSpec other) {
        return new GateState(other, revisions, trips, localKills, meta);
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
