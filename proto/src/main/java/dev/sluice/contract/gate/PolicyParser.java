package dev.sluice.contract.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.contract.match.MatcherParser;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads what a gate says beside its decision: kill, trip, writes, fallback. Stateless. */
final class PolicyParser {
    private static final int LONGEST_REASON = 1024;
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    private PolicyParser() {}

    static Optional<Gate.Kill> kill(dev.sluice.gate.v1.Gate proto, TakeBack takeBack, Problems at) {
        if (!proto.hasKill()) {
            return Optional.empty();
        }
        if (takeBack == TakeBack.FORBIDDEN) {
            at.add(
                    "a kill",
                    "none while take_back is FORBIDDEN",
                    "resume the gate; past the point of no return only a new migration goes back");
        }
        dev.sluice.gate.v1.Kill kill = proto.getKill();
        Fields.text(kill.getReason(), 1, LONGEST_REASON, at.field("reason"));
        Optional<Instant> time =
                kill.hasTime() ? Fields.time(kill.getTime(), at.field("time")) : Optional.empty();
        return Optional.of(new Gate.Kill(kill.getReason(), time, kill.getActor()));
    }

    static Gate.TripPolicy trip(dev.sluice.gate.v1.Gate proto, Problems at) {
        int before = at.count();
        Gate.TripPolicy byDefault = Gate.TripPolicy.DEFAULT;
        dev.sluice.gate.v1.TripPolicy trip = proto.getTrip();
        PartsPerMillion healthy =
                Fields.probability(
                        trip.getHealthyPpm(),
                        byDefault.healthy(),
                        1,
                        PartsPerMillion.WHOLE - 1,
                        at.field("healthy_ppm"));
        PartsPerMillion failing =
                Fields.probability(
                        trip.getFailingPpm(),
                        byDefault.failing(),
                        1,
                        PartsPerMillion.WHOLE,
                        at.field("failing_ppm"));
        PartsPerMillion alpha =
                Fields.probability(
                        trip.getAlphaPpm(), byDefault.alpha(), 1, 500_000, at.field("alpha_ppm"));
        if (at.count() == before && failing.compareTo(healthy) <= 0) {
            at.field("failing_ppm")
                    .add(
                            Integer.toString(failing.value()),
                            "more than healthy_ppm, " + healthy.value(),
                            "raise failing_ppm or lower healthy_ppm");
        }
        Gate.Trips trips = trip.getDisabled() ? Gate.Trips.OFF : Gate.Trips.ON;
        return new Gate.TripPolicy(trips, healthy, failing, alpha);
    }

    static Gate.WriteAuthority writeAuthority(dev.sluice.gate.v1.Gate proto, Problems at) {
        return proto.hasWriteAuthority()
                ? new Gate.WriteAuthority.NewBelow(
                        PartsPerMillion.parse(
                                proto.getWriteAuthority().getNewBelowPpm(),
                                at.field("new_below_ppm")))
                : new Gate.WriteAuthority.ByMode();
    }

    /** What stands together: a write authority with two stores, and a hold with it. */
    static void checkWrites(dev.sluice.gate.v1.Gate proto, int contractVersion, Problems at) {
        int least = Gate.WriteAuthority.CONTRACT_VERSION;
        if (proto.hasWriteAuthority() && contractVersion < least) {
            at.field("contract_version")
                    .add(
                            contractVersion + " with a write_authority",
                            "at least " + least,
                            "say that version, so that a reader that would not obey it refuses the"
                                    + " gate");
        }
        if (proto.hasWriteAuthority()
                && proto.getStoreKind() == dev.sluice.gate.v1.StoreKind.SHARED) {
            at.field("write_authority")
                    .add(
                            "one over a SHARED store",
                            "none, or a SEPARATE store",
                            "leave it out: one store has one order of writes anyway");
        }
        if (proto.hasWriteHold() && !proto.hasWriteAuthority()) {
            at.field("write_hold")
                    .add(
                            "a hold without write_authority",
                            "both, or no hold",
                            "say how far the write authority goes, or leave out the hold");
        }
    }

    static Optional<Gate.WriteHold> writeHold(dev.sluice.gate.v1.Gate proto, Problems at) {
        if (!proto.hasWriteHold()) {
            return Optional.empty();
        }
        dev.sluice.gate.v1.WriteHold hold = proto.getWriteHold();
        int whole = PartsPerMillion.WHOLE;
        int from = Fields.number(hold.getFromBucket(), 0, whole - 1, at.field("from_bucket"));
        int to = Fields.number(hold.getToBucket(), from + 1, whole, at.field("to_bucket"));
        Duration wait =
                hold.hasMaxWait()
                        ? Fields.duration(
                                hold.getMaxWait(),
                                Duration.ofMillis(1),
                                LONGEST_HOLD,
                                at.field("max_wait"))
                        : Gate.WriteHold.DEFAULT_MAX_WAIT;
        return Optional.of(new Gate.WriteHold(from, to, wait));
    }

    static Gate.FallbackPolicy fallback(dev.sluice.gate.v1.Gate proto, Problems at) {
        String header = proto.getFallback().getIdempotencyKeyHeader();
        Optional<String> key =
                header.isEmpty()
                        ? Optional.empty()
                        : MatcherParser.headerName(header, at.field("idempotency_key_header"));
        return proto.getFallback().getEnabled()
                ? new Gate.FallbackPolicy.ToLegacy(key)
                : new Gate.FallbackPolicy.Never();
    }
}
