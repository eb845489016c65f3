package dev.sluice.contract.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.UnknownFields;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.StringMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads gates and what routes and listeners say about them, for both planes. Reports every problem
 * with its path, fields unknown to this contract version included; a gate is read whole or refused
 * whole. Stateless.
 */
public final class GateParser {
    private static final int LONGEST_CLUSTER = 253;
    private static final int MOST_TRIPS = 10_000;
    private static final int LONGEST_TRIP = 512;
    private static final Duration LONGEST_STALE = Duration.ofDays(30);
    private static final Pattern OPERATION = Pattern.compile("[a-zA-Z0-9._/-]{1,128}");

    private GateParser() {}

    /** Where a gate stands, and so whether it has a revision. */
    private enum Place {
        STREAM,
        INLINE
    }

    /** Reads a gate of the gate stream; it must have a revision. */
    public static Parsed<Gate> parse(dev.sluice.gate.v1.Gate proto) {
        Problems problems = Problems.root();
        UnknownFields.refuse(proto, problems);
        Optional<Gate> gate = gate(proto, Place.STREAM, problems);
        return problems.finish(gate::orElseThrow);
    }

    /** Reads a gate that stands in a route; it must have no revision. */
    public static Parsed<Gate> parseInline(dev.sluice.gate.v1.Gate proto) {
        Problems problems = Problems.root();
        UnknownFields.refuse(proto, problems);
        Optional<Gate> gate = gate(proto, Place.INLINE, problems);
        return problems.finish(gate::orElseThrow);
    }

    /**
     * Reads what a route says about gates.
     *
     * @param defaultOperation the operation where it names none: the route's name
     * @param at where it stands; gets all problems
     * @return empty exactly when a problem was added
     */
    public static Optional<RouteGate> routeGate(
            dev.sluice.gate.v1.RouteGate proto, String defaultOperation, Problems at) {
        int before = at.count();
        UnknownFields.refuse(proto, at);
        Optional<RouteGate.Source> source =
                switch (proto.getSourceCase()) {
                    case NAME ->
                            GateName.parse(proto.getName(), at.field("name"))
                                    .map(RouteGate.Source.Named::new);
                    case INLINE ->
                            gate(proto.getInline(), Place.INLINE, at.field("inline"))
                                    .map(RouteGate.Source.Inline::new);
                    case SOURCE_NOT_SET -> {
                        at.add("no gate", "name or inline", "say which gate decides");
                        yield Optional.empty();
                    }
                };
        OperationClass operationClass =
                Fields.optional(
                        OperationClass.class,
                        proto.getOperationClassValue(),
                        OperationClass.UNSAFE_WRITE,
                        at.field("operation_class"));
        String operation = operation(proto.getOperation(), defaultOperation, at);
        Optional<Arm> served =
                proto.getServedArmValue() == 0
                        ? Optional.empty()
                        : Fields.required(
                                Arm.class, proto.getServedArmValue(), at.field("served_arm"));
        return at.count() > before
                ? Optional.empty()
                : source.map(
                        s -> new RouteGate(s, new Operation(operation, operationClass), served));
    }

    /**
     * Reads what a listener says about gates.
     *
     * @param at where it stands; gets all problems
     * @return empty exactly when a problem was added
     */
    public static Optional<GateFilter> gateFilter(
            dev.sluice.gate.v1.GateFilter proto, Problems at) {
        int before = at.count();
        UnknownFields.refuse(proto, at);
        GateFilter.CarriedTrust trust =
                Fields.optional(
                        GateFilter.CarriedTrust.class,
                        proto.getCarriedTrustValue(),
                        GateFilter.CarriedTrust.NOBODY,
                        at.field("carried_trust"));
        List<StringMatcher> ids = new ArrayList<>();
        for (int i = 0; i < proto.getTrustedIdsCount(); i++) {
            MatcherParser.string(proto.getTrustedIds(i), at.field("trusted_ids").index(i))
                    .ifPresent(ids::add);
        }
        boolean byId = trust == GateFilter.CarriedTrust.MTLS_PEERS;
        if (byId != (proto.getTrustedIdsCount() > 0)) {
            at.field("trusted_ids")
                    .add(
                            proto.getTrustedIdsCount() + " ids with carried_trust " + trust,
                            "ids exactly when carried_trust is MTLS_PEERS",
                            byId ? "list the trusted ids" : "set carried_trust or remove the ids");
        }
        GateFilter.Explain explain =
                Fields.optional(
                        GateFilter.Explain.class,
                        proto.getExplainValue(),
                        GateFilter.Explain.NEVER,
                        at.field("explain"));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(new GateFilter(trust, ids, explain));
    }

    /**
     * Reads some of the keys of a gate.
     *
     * @param at where they stand; gets all problems
     * @return empty exactly when a problem was added
     */
    public static Optional<CohortMatch> cohort(dev.sluice.gate.v1.CohortMatch proto, Problems at) {
        int before = at.count();
        UnknownFields.refuse(proto, at);
        Optional<CohortMatch> cohort = RuleParser.cohort(proto, at);
        return at.count() > before ? Optional.empty() : cohort;
    }

    private static String operation(String given, String byDefault, Problems at) {
        if (given.isEmpty()) {
            return byDefault;
        }
        if (!OPERATION.matcher(given).matches()) {
            at.field("operation")
                    .add(Problem.quote(given), OPERATION.pattern(), "rename the operation");
        }
        return given;
    }

    private static Optional<Gate> gate(dev.sluice.gate.v1.Gate proto, Place place, Problems at) {
        int before = at.count();
        Optional<GateName> name = GateName.parse(proto.getName(), at.field("name"));
        Optional<GateRevision> revision = revision(proto, place, at.field("revision"));
        Optional<GateSetName> set =
                proto.getGateSet().isEmpty()
                        ? Optional.empty()
                        : GateSetName.parse(proto.getGateSet(), at.field("gate_set"));
        Optional<Steps> steps = Steps.parse(proto, at);
        Optional<Bucketing> bucketing = BucketingParser.bucketing(proto, at);
        int version = contractVersion(proto.getContractVersion(), at.field("contract_version"));
        String legacy = cluster(proto.getLegacyCluster(), at.field("legacy_cluster"));
        String fresh = cluster(proto.getNewCluster(), at.field("new_cluster"));
        PartsPerMillion share = PartsPerMillion.parse(proto.getSharePpm(), at.field("share_ppm"));
        List<Rule> rules = RuleParser.rules(proto.getRulesList(), at.field("rules"));
        if (version < CohortMatch.CONTRACT_VERSION
                && rules.stream().anyMatch(rule -> rule.cohort().isPresent())) {
            at.field("contract_version")
                    .add(
                            version + " with a rule for a cohort",
                            "at least " + CohortMatch.CONTRACT_VERSION,
                            "say that version, so that a reader without cohorts refuses the gate");
        }
        TakeBack takeBack =
                Fields.optional(
                        TakeBack.class,
                        proto.getTakeBackValue(),
                        TakeBack.FROM,
                        at.field("take_back"));
        Duration maxStale = maxStale(proto, at.field("max_stale"));
        Optional<Gate.Kill> kill = PolicyParser.kill(proto, takeBack, at.field("kill"));
        Set<String> trips = acknowledgedTrips(proto, at.field("acknowledged_trips"));
        Gate.TripPolicy trip = PolicyParser.trip(proto, at.field("trip"));
        Gate.WriteAuthority authority =
                PolicyParser.writeAuthority(proto, at.field("write_authority"));
        Optional<Gate.WriteHold> hold = PolicyParser.writeHold(proto, at.field("write_hold"));
        PolicyParser.checkWrites(proto, version, at);
        Gate.FallbackPolicy fallback = PolicyParser.fallback(proto, at.field("fallback"));
        if (at.count() > before) {
            return Optional.empty();
        }
        Steps known = steps.orElseThrow();
        return Optional.of(
                new Gate(
                        name.orElseThrow(),
                        version,
                        revision,
                        set,
                        legacy,
                        fresh,
                        known.storeKind(),
                        known.from(),
                        known.to(),
                        share,
                        bucketing.orElseThrow(),
                        rules,
                        takeBack,
                        maxStale,
                        kill,
                        trips,
                        trip,
                        authority,
                        hold,
                        fallback));
    }

    private static Optional<GateRevision> revision(
            dev.sluice.gate.v1.Gate proto, Place place, Problems at) {
        if (place == Place.INLINE) {
            if (proto.hasRevision()) {
                at.add("a revision", "none in an inline gate", "remove it; the last value wins");
            }
            return Optional.empty();
        }
        if (!proto.hasRevision()) {
            at.add("no revision", "epoch and number", "only a gate in a route may have none");
            return Optional.empty();
        }
        long epoch = proto.getRevision().getEpoch();
        long number = proto.getRevision().getNumber();
        positive(epoch, at.field("epoch"));
        positive(number, at.field("number"));
        return epoch < 1 || number < 1
                ? Optional.empty()
                : Optional.of(new GateRevision(epoch, number));
    }

    private static void positive(long value, Problems at) {
        if (value < 1) {
            at.add(
                    Long.toUnsignedString(value),
                    "1..2^63-1",
                    "take the revision from the control plane");
        }
    }

    private static int contractVersion(int unsigned, Problems at) {
        if (Integer.compareUnsigned(unsigned, Gate.CONTRACT_VERSION) > 0) {
            at.add(
                    Integer.toUnsignedString(unsigned),
                    "at most " + Gate.CONTRACT_VERSION,
                    "upgrade this reader before it gets such a gate");
        }
        return Math.max(unsigned, 1);
    }

    private static String cluster(String name, Problems at) {
        return Fields.text(name, 1, LONGEST_CLUSTER, at);
    }

    private static Duration maxStale(dev.sluice.gate.v1.Gate proto, Problems at) {
        return proto.hasMaxStale()
                ? Fields.duration(proto.getMaxStale(), Duration.ofSeconds(1), LONGEST_STALE, at)
                : Gate.DEFAULT_MAX_STALE;
    }

    private static Set<String> acknowledgedTrips(dev.sluice.gate.v1.Gate proto, Problems at) {
        if (proto.getAcknowledgedTripsCount() > MOST_TRIPS) {
            at.add(
                    proto.getAcknowledgedTripsCount() + " ids",
                    "at most " + MOST_TRIPS,
                    "leave out those that no node reports any more");
        }
        Set<String> trips = new LinkedHashSet<>(proto.getAcknowledgedTripsList());
        for (int i = 0; i < proto.getAcknowledgedTripsCount(); i++) {
            Fields.text(proto.getAcknowledgedTrips(i), 1, LONGEST_TRIP, at.index(i));
        }
        return trips;
    }
}
