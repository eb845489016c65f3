package dev.sluice.contract.fault;

import dev.sluice.chaos.v1.RenewFaultLeaseRequest;
import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.UnknownFields;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Fields;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads fault leases; a lease is read whole or refused with every problem. Stateless. */
public final class LeaseParser {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_MATCHES = 1_000_000;
    private static final int LONGEST_REASON = 1024;
    private static final int MOST_OPERATIONS = 64;
    private static final int LONGEST_OPERATION = 128;
    private static final int MOST_HEADERS = 32;
    private static final int MOST_ENDPOINTS = 64;

    private LeaseParser() {}

    /** Reads a lease that is to be taken; what only a sidecar says must not be in it. */
    public static Parsed<FaultLease> parse(dev.sluice.chaos.v1.FaultLease proto) {
        Problems problems = Problems.root();
        UnknownFields.refuse(proto, problems);
        refuseOutput(proto, problems);
        Optional<FaultName> name =
                proto.getName().isEmpty()
                        ? Optional.empty()
                        : FaultName.parse(proto.getName(), problems.field("name"));
        Optional<GateName> gate = GateName.parse(proto.getGate(), problems.field("gate"));
        Optional<Arm> arm = Fields.required(Arm.class, proto.getArmValue(), problems.field("arm"));
        Selection selection = selection(proto.getSelection(), problems.field("selection"));
        Optional<Fault> fault = FaultParser.parse(proto.getFault(), problems.field("fault"));
        Duration ttl = ttl(proto.hasTtl(), proto.getTtl(), problems.field("ttl"));
        int budget = Fields.number(proto.getBudget(), 1, MOST_MATCHES, problems.field("budget"));
        FaultLease.Evidence evidence =
                Fields.optional(
                        FaultLease.Evidence.class,
                        proto.getEvidenceValue(),
                        FaultLease.Evidence.COUNTED,
                        problems.field("evidence"));
        Fields.text(proto.getReason(), 0, LONGEST_REASON, problems.field("reason"));
        return problems.finish(() ->
                new FaultLease(
                        name,
                        gate.orElseThrow(),
                        arm.orElseThrow(),
                        selection,
                        fault.orElseThrow(),
                        ttl,
                        budget,
                        proto.getSeed() == 0
                                ? OptionalLong.empty()
                                : OptionalLong.of(proto.getSeed()),
                        evidence,
                        proto.getReason()));
    }

    private static void refuseOutput(dev.sluice.chaos.v1.FaultLease proto, Problems at) {
        refuseIf(proto.hasCreateTime(), at.field("create_time"));
        refuseIf(proto.hasExpireTime(), at.field("expire_time"));
        refuseIf(proto.getStateValue() != 0, at.field("state"));
        refuseIf(proto.getMatched() != 0, at.field("matched"));
        refuseIf(proto.getInjected() != 0, at.field("injected"));
    }

    private static void refuseIf(boolean there, Problems at) {
        if (there) {
            at.add("a value", "none: only the sidecar says it", "leave it out");
        }
    }

    /** Reads how long a lease is to last from now. */
    public static Parsed<Duration> renewal(RenewFaultLeaseRequest proto) {
        Problems problems = Problems.root();
        UnknownFields.refuse(proto, problems);
        Duration ttl = ttl(proto.hasTtl(), proto.getTtl(), problems.field("ttl"));
        return problems.finish(() -> ttl);
    }

    private static Duration ttl(boolean given, com.google.protobuf.Duration ttl, Problems at) {
        if (!given) {
            at.add("nothing", "1 s..1 h", "say how long the lease lasts");
            return SHORTEST;
        }
        return Fields.duration(ttl, SHORTEST, LONGEST, at);
    }

    private static Selection selection(dev.sluice.chaos.v1.FaultSelection proto, Problems at) {
        PartsPerMillion share =
                proto.getSharePpm() == 0
                        ? PartsPerMillion.ALL
                        : PartsPerMillion.parse(proto.getSharePpm(), at.field("share_ppm"));
        Selection.Unit unit =
                Fields.optional(
                        Selection.Unit.class,
                        proto.getUnitValue(),
                        Selection.Unit.ATTEMPT,
                        at.field("unit"));
        return new Selection(
                operations(proto.getOperationsList(), at.field("operations")),
                classes(proto.getOperationClassesValueList(), at.field("operation_classes")),
                headers(proto.getHeadersList(), at.field("headers")),
                share,
                unit,
                endpoints(proto.getEndpointsList(), at.field("endpoints")));
    }

    private static Set<InetSocketAddress> endpoints(List<String> texts, Problems at) {
        atMost(texts.size(), MOST_ENDPOINTS, at);
        Set<InetSocketAddress> endpoints = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            EndpointText.parse(texts.get(i), at.index(i)).ifPresent(endpoints::add);
        }
        return endpoints;
    }

    private static Set<String> operations(List<String> names, Problems at) {
        atMost(names.size(), MOST_OPERATIONS, at);
        for (int i = 0; i < names.size(); i++) {
            Fields.text(names.get(i), 1, LONGEST_OPERATION, at.index(i));
        }
        return new LinkedHashSet<>(names);
    }

    private static Set<OperationClass> classes(List<Integer> numbers, Problems at) {
        Set<OperationClass> classes = EnumSet.noneOf(OperationClass.class);
        for (int i = 0; i < numbers.size(); i++) {
            Problems place = at.index(i);
            Fields.required(OperationClass.class, numbers.get(i), place)
                    .filter(word -> !classes.add(word))
                    .ifPresent(word ->
                            place.add(
                                    Problem.quote(word.name()) + " again",
                                    "each class once",
                                    "remove one"));
        }
        return classes;
    }

    private static List<HeaderMatcher> headers(
            List<io.envoyproxy.envoy.config.route.v3.HeaderMatcher> protos, Problems at) {
        atMost(protos.size(), MOST_HEADERS, at);
        List<HeaderMatcher> headers = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            MatcherParser.header(protos.get(i), at.index(i)).ifPresent(headers::add);
        }
        return headers;
    }

    private static void atMost(int size, int most, Problems at) {
        if (size > most) {
            at.add(size + " entries", "at most " + most, "take several leases");
        }
    }
}
