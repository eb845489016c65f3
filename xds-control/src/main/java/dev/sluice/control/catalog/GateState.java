package dev.sluice.control.catalog;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.GateSpec;
import dev.sluice.control.change.TripReport;
import java.util.Collection;
import java.util.Optional;

/**
 * A gate as it is, with everything it has been. Immutable.
 *
 * @param spec the present revision
 * @param revisions every revision by its order, the present one last
 * @param trips by id, reported by sidecars and not yet acknowledged
 */
public record GateState(
        GateSpec spec,
        PersistentMap<GateRevision, GateRevisionEntry> revisions,
        PersistentMap<String, TripReport> trips,
        Meta meta)
        implements Resource {
    public GateName name() {
        return spec.content().name();
    }

    /** What sidecars obey. */
    public Gate content() {
        return spec.content();
    }

    public GateRevision revision() {
        return spec.content().revision().orElseThrow();
    }

    public Optional<GateRevisionEntry> revision(GateRevision wanted) {
        return revisions.get(wanted);
    }

    /** Trips that moved keys and are not acknowledged; while there are any, no share is raised. */
    public Collection<TripReport> openTrips() {
        return trips.values();
    }

    GateState withSpec(GateSpec other) {
        return new GateState(other, revisions, trips, meta);
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
