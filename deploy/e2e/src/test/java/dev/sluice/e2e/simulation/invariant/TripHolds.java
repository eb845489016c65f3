package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.simulation.invariant.History.Decided;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import dev.sluice.e2e.simulation.invariant.History.NodeIs;
import dev.sluice.e2e.simulation.invariant.History.Tripped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A trip only takes back, and it holds, over restarts that keep the sidecar's state, until a
 * revision acknowledges it.
 */
final class TripHolds implements Invariants.Invariant {
    /** A sidecar that dies this soon after a trip may not have written it down. */
    private static final long WRITTEN = 10_000_000L;

    private final Revisions revisions = new Revisions();
    private final Map<Place, Tripped> tripped = new HashMap<>();

    private record Place(String node, GateName gate, String operation) {}

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case Logged logged -> revisions.read(logged);
            case Tripped trip ->
                    tripped.put(new Place(trip.node(), trip.gate(), trip.operation()), trip);
            case NodeIs is -> read(is);
            case Decided decided -> read(decided, violations);
            default -> {}
        }
    }

    private void read(NodeIs is) {
        switch (is.state()) {
            case STARTED_WITHOUT_STATE ->
                    tripped.keySet().removeIf(place -> place.node().equals(is.node()));
            case DEAD ->
                    tripped.values()
                            .removeIf(trip ->
                                    trip.node().equals(is.node()) && is.at() - trip.at() < WRITTEN);
            default -> {}
        }
    }

    private void read(Decided decided, List<String> violations) {
        GateDecision decision = decided.decision();
        if (decision.reason() == Reason.TRIP && decision.arm() != Arm.LEGACY) {
            violations.add("trip upward: " + decided);
        }
        Place place = new Place(decided.node(), decision.gate(), decided.operation());
        Tripped trip = tripped.get(place);
        if (trip == null) {
            return;
        }
        boolean isAcknowledged =
                revisions
                        .floor(decision.gate(), decision.revision().orElseThrow())
                        .map(Gate::acknowledgedTrips)
                        .filter(ids -> ids.contains(trip.id()))
                        .isPresent();
        if (isAcknowledged) {
            tripped.remove(place);
        } else if (decision.arm() == Arm.NEW) {
            violations.add("trip: " + decided + " after " + trip);
        }
    }
}
