package dev.sluice.proxy.xds;

import com.google.protobuf.Timestamp;
import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.proxy.gate.Trip;
import java.time.Instant;
import java.util.Optional;

/** Trips as messages of the contract, and back. Stateless. */
final class TripWire {
    private TripWire() {}

    static dev.sluice.evidence.v1.Trip message(Trip trip) {
        dev.sluice.evidence.v1.Trip.Builder message =
                dev.sluice.evidence.v1.Trip.newBuilder()
                        .setId(trip.id())
                        .setGate(trip.gate().name())
                        .setOperation(trip.operation())
                        .setTime(timestamp(trip.time()))
                        .setNewKeys(trip.onNew().seen())
                        .setNewErrors(trip.onNew().inError())
                        .setLegacyKeys(trip.onLegacy().seen())
                        .setLegacyErrors(trip.onLegacy().inError())
                        .setLogLikelihoodRatio(trip.logLikelihoodRatio())
                        .setMoved(trip.moved());
        trip.revision().ifPresent(revision -> message.setRevision(message(revision)));
        return message.build();
    }

    /** Empty for a message of another gate-name rule: nothing could acknowledge it. */
    static Optional<Trip> trip(dev.sluice.evidence.v1.Trip message) {
        return GateName.parse(message.getGate())
                .toOptional()
                .map(gate ->
                        new Trip(
                                message.getId(),
                                gate,
                                message.getOperation(),
                                message.hasRevision()
                                        ? Optional.of(
                                                new GateRevision(
                                                        message.getRevision().getEpoch(),
                                                        message.getRevision().getNumber()))
                                        : Optional.empty(),
                                instant(message.getTime()),
                                new Trip.Keys(
                                        (int) message.getNewKeys(), (int) message.getNewErrors()),
                                new Trip.Keys(
                                        (int) message.getLegacyKeys(),
                                        (int) message.getLegacyErrors()),
                                message.getLogLikelihoodRatio(),
                                message.getMoved()));
    }

    static dev.sluice.gate.v1.GateRevision message(GateRevision revision) {
        return dev.sluice.gate.v1.GateRevision.newBuilder()
                .setEpoch(revision.epoch())
                .setNumber(revision.number())
                .build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
