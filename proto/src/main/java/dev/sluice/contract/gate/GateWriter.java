package dev.sluice.contract.gate;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.match.MatcherWriter;
import java.time.Instant;

/**
 * Writes gates and decisions for the wire; what GateParser reads of a written gate is equal to it,
 * and equal gates are written as equal bytes. Stateless.
 */
public final class GateWriter {
    private GateWriter() {}

    /** Writes a gate, all defaults spelt out. */
    public static dev.sluice.gate.v1.Gate write(Gate gate) {
        dev.sluice.gate.v1.Gate.Builder proto =
                dev.sluice.gate.v1.Gate.newBuilder()
                        .setName(gate.name().name())
                        .setContractVersion(gate.contractVersion())
                        .setGateSet(gate.gateSet().map(GateSetName::name).orElse(""))
                        .setLegacyCluster(gate.legacyCluster())
                        .setNewCluster(gate.newCluster())
                        .setStoreKind(dev.sluice.gate.v1.StoreKind.valueOf(gate.storeKind().name()))
                        .setFrom(dev.sluice.gate.v1.Mode.valueOf(gate.from().name()))
                        .setTo(dev.sluice.gate.v1.Mode.valueOf(gate.to().name()))
                        .setSharePpm(gate.share().value())
                        .setBucketing(bucketing(gate.bucketing()))
                        .setTakeBack(dev.sluice.gate.v1.TakeBack.valueOf(gate.takeBack().name()))
                        .setMaxStale(duration(gate.maxStale()))
                        .setTrip(trip(gate.trip()));
        gate.revision().ifPresent(revision -> proto.setRevision(revision(revision)));
        gate.rules().forEach(rule -> proto.addRules(RuleWriter.rule(rule)));
        gate.kill().ifPresent(kill -> proto.setKill(kill(kill)));
        gate.acknowledgedTrips().stream().sorted().forEach(proto::addAcknowledgedTrips);
        gate.writeHold().ifPresent(hold -> proto.setWriteHold(writeHold(hold)));
        switch (gate.writeAuthority()) {
            case Gate.WriteAuthority.ByMode() -> {}
            case Gate.WriteAuthority.NewBelow(var share) ->
                    proto.getWriteAuthorityBuilder().setNewBelowPpm(share.value());
        }
        switch (gate.fallback()) {
            case Gate.FallbackPolicy.Never() -> {}
            case Gate.FallbackPolicy.ToLegacy(var header) ->
                    proto.getFallbackBuilder()
                            .setEnabled(true)
                            .setIdempotencyKeyHeader(header.orElse(""));
        }
        return proto.build();
    }

    /** Writes some of the keys of a gate. */
    public static dev.sluice.gate.v1.CohortMatch write(CohortMatch cohort) {
        return RuleWriter.cohort(cohort);
    }

    /** Writes what a route says about gates. */
    public static dev.sluice.gate.v1.RouteGate write(RouteGate routeGate) {
        dev.sluice.gate.v1.RouteGate.Builder proto =
                dev.sluice.gate.v1.RouteGate.newBuilder()
                        .setOperationClass(
                                dev.sluice.gate.v1.OperationClass.valueOf(
                                        routeGate.operation().operationClass().name()))
                        .setOperation(routeGate.operation().name());
        routeGate
                .served()
                .ifPresent(arm -> proto.setServedArm(dev.sluice.gate.v1.Arm.valueOf(arm.name())));
        return switch (routeGate.source()) {
            case RouteGate.Source.Named(var name) -> proto.setName(name.name()).build();
            case RouteGate.Source.Inline(var gate) -> proto.setInline(write(gate)).build();
        };
    }

    /** Writes what a listener says about gates. */
    public static dev.sluice.gate.v1.GateFilter write(GateFilter filter) {
        dev.sluice.gate.v1.GateFilter.Builder proto =
                dev.sluice.gate.v1.GateFilter.newBuilder()
                        .setCarriedTrust(
                                dev.sluice.gate.v1.GateFilter.CarriedTrust.valueOf(
                                        filter.carriedTrust().name()))
                        .setExplain(
                                dev.sluice.gate.v1.GateFilter.Explain.valueOf(
                                        filter.explain().name()));
        filter.trustedIds().forEach(id -> proto.addTrustedIds(MatcherWriter.string(id)));
        return proto.build();
    }

    /** Writes a decision, explained. */
    public static dev.sluice.gate.v1.Decision write(GateDecision decision) {
        dev.sluice.gate.v1.Decision.Builder proto =
                dev.sluice.gate.v1.Decision.newBuilder()
                        .setGate(decision.gate().name())
                        .setArm(dev.sluice.gate.v1.Arm.valueOf(decision.arm().name()))
                        .setMode(dev.sluice.gate.v1.Mode.valueOf(decision.mode().name()))
                        .setReason(dev.sluice.gate.v1.Reason.valueOf(decision.reason().name()))
                        .setRule(decision.rule().orElse(""))
                        .setSharePpm(decision.share().value())
                        .setExplanation(decision.explanation());
        decision.revision().ifPresent(revision -> proto.setRevision(revision(revision)));
        decision.bucket().ifPresent(proto::setBucket);
        decision.writesBelow().ifPresent(below -> proto.setWriteAuthorityPpm(below.value()));
        return proto.build();
    }

    /** Writes a revision. */
    public static dev.sluice.gate.v1.GateRevision revision(GateRevision revision) {
        return dev.sluice.gate.v1.GateRevision.newBuilder()
                .setEpoch(revision.epoch())
                .setNumber(revision.number())
                .build();
    }

    private static dev.sluice.gate.v1.Bucketing bucketing(Bucketing bucketing) {
        dev.sluice.gate.v1.Bucketing.Builder proto =
                dev.sluice.gate.v1.Bucketing.newBuilder()
                        .setSalt(bucketing.salt().text())
                        .setKey(key(bucketing.key()));
        return switch (bucketing.missingKey()) {
            case MissingKey.Legacy() -> proto.setLegacy(Empty.getDefaultInstance()).build();
            case MissingKey.Random() -> proto.setRandom(Empty.getDefaultInstance()).build();
            case MissingKey.IssueCookie cookie -> proto.setIssueCookie(cookie(cookie)).build();
        };
    }

    private static dev.sluice.gate.v1.KeySource key(KeySource key) {
        dev.sluice.gate.v1.KeySource.Builder proto = dev.sluice.gate.v1.KeySource.newBuilder();
        switch (key) {
            case KeySource.Header(String name) -> proto.setHeader(name);
            case KeySource.Cookie(String name) -> proto.setCookie(name);
            case KeySource.JwtClaim(String header, String claim) ->
                    proto.getJwtClaimBuilder().setHeader(header).setClaim(claim);
            case KeySource.PathSegment(int index) -> proto.getPathSegmentBuilder().setIndex(index);
            case KeySource.GrpcMetadata(String name) -> proto.setGrpcMetadata(name);
            case KeySource.ClientIdentity() -> proto.setClientIdentity(Empty.getDefaultInstance());
            case KeySource.PeerAddress() -> proto.setPeerAddress(Empty.getDefaultInstance());
        }
        return proto.build();
    }

    private static dev.sluice.gate.v1.CookieIssue cookie(MissingKey.IssueCookie cookie) {
        return dev.sluice.gate.v1.CookieIssue.newBuilder()
                .setName(cookie.name())
                .setPath(cookie.path())
                .setDomain(cookie.domain().orElse(""))
                .setMaxAge(duration(cookie.maxAge()))
                .setSameSite(
                        dev.sluice.gate.v1.CookieIssue.SameSite.valueOf(cookie.sameSite().name()))
                .setInsecure(cookie.transport() == MissingKey.Transport.ANY)
                .build();
    }

    private static dev.sluice.gate.v1.TripPolicy trip(Gate.TripPolicy trip) {
        return dev.sluice.gate.v1.TripPolicy.newBuilder()
                .setDisabled(trip.trips() == Gate.Trips.OFF)
                .setHealthyPpm(trip.healthy().value())
                .setFailingPpm(trip.failing().value())
                .setAlphaPpm(trip.alpha().value())
                .build();
    }

    /** A kill as a message. */
    public static dev.sluice.gate.v1.Kill kill(Gate.Kill kill) {
        dev.sluice.gate.v1.Kill.Builder proto =
                dev.sluice.gate.v1.Kill.newBuilder()
                        .setReason(kill.reason())
                        .setActor(kill.actor());
        kill.time().ifPresent(time -> proto.setTime(timestamp(time)));
        return proto.build();
    }

    private static dev.sluice.gate.v1.WriteHold writeHold(Gate.WriteHold hold) {
        return dev.sluice.gate.v1.WriteHold.newBuilder()
                .setFromBucket(hold.fromBucket())
                .setToBucket(hold.toBucket())
                .setMaxWait(duration(hold.maxWait()))
                .build();
    }

    private static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
