package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.telemetry.ActiveFaults;
import java.time.Duration;

/**
 * One lease on one sidecar, as it will be taken. Immutable.
 *
 * @param sidecar its admin listener and the token for it
 * @param name {@code faults/…}, of this run alone
 * @param fault which fault of the experiment it is for, 0..
 * @param wire the lease in the JSON form of {@code sluice.chaos.v1}
 * @param budget attempts that it may meet
 * @param ttl how long it lasts without being renewed
 * @param atLeast attempts that the fault must have changed, on all its sidecars together
 * @param place of the fault in the file
 */
public record PlannedLease(
        Sidecar sidecar,
        String name,
        int fault,
        JsonNode wire,
        long budget,
        Duration ttl,
        long atLeast,
        String place) {
    /** The gate that it stands behind. */
    public String gate() {
        return wire.path("gate").asText();
    }

    /** The arm that it meets. */
    public String arm() {
        return wire.path("arm").asText();
    }

    /** The fault as others see it: the same on each sidecar and in each run. */
    public ActiveFaults.Fault shown() {
        String shown = name.substring(name.indexOf('/') + 1, name.lastIndexOf('-'));
        return new ActiveFaults.Fault(shown, gate(), arm());
    }

    /** Gate and arm, for people. */
    String target() {
        return gate() + " " + arm();
    }

    /** Percentage of the arm's attempts that it chooses. */
    double share() {
        int ppm = wire.path("selection").path("share_ppm").asInt();
        return ppm == 0 ? 100 : ppm / 10_000.0;
    }
}
