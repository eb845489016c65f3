package dev.sluice.proxy.resource.log;

import dev.sluice.contract.Problem;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.log.LogFilter;
import dev.sluice.proxy.snapshot.runtime.RuntimeNumber;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.GrpcStatusFilter;
import io.envoyproxy.envoy.config.accesslog.v3.RuntimeFilter;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the filters of access logs; empty after a problem. Stateless. */
final class LogFilterParser {
    private static final String ONE =
            "status_code_filter, duration_filter, header_filter, response_flag_filter or another";

    /** All that Envoy takes; those that this proxy never sets match nothing. */
    private static final Set<String> FLAGS =
            Set.of(
                    "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX",
                    "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE",
                    "NC", "OM", "DF", "DO", "DR", "UDO");

    private LogFilterParser() {}

    static Optional<LogFilter> parse(AccessLogFilter proto, Spot at) {
        return switch (proto.getFilterSpecifierCase()) {
            case STATUS_CODE_FILTER ->
                    comparison(
                                    proto.getStatusCodeFilter().getComparison(),
                                    at.field("status_code_filter").field("comparison"))
                            .map(LogFilter.Status::new);
            case DURATION_FILTER ->
                    comparison(
                                    proto.getDurationFilter().getComparison(),
                                    at.field("duration_filter").field("comparison"))
                            .map(LogFilter.Duration::new);
            case NOT_HEALTH_CHECK_FILTER -> Optional.of(new LogFilter.NotHealthCheck());
            case RUNTIME_FILTER ->
                    Optional.of(sampled(proto.getRuntimeFilter(), at.field("runtime_filter")));
            case AND_FILTER ->
                    several(proto.getAndFilter().getFiltersList(), at.field("and_filter"))
                            .map(LogFilter.All::new);
            case OR_FILTER ->
                    several(proto.getOrFilter().getFiltersList(), at.field("or_filter"))
                            .map(LogFilter.Any::new);
            case HEADER_FILTER ->
                    MatcherParser.header(
                                    proto.getHeaderFilter().getHeader(),
                                    at.field("header_filter").field("header").problems())
                            .map(LogFilter.Header::new);
            case RESPONSE_FLAG_FILTER ->
                    flags(
                            proto.getResponseFlagFilter().getFlagsList(),
                            at.field("response_flag_filter").field("flags"));
            case GRPC_STATUS_FILTER ->
                    grpc(proto.getGrpcStatusFilter(), at.field("grpc_status_filter"));
            case TRACEABLE_FILTER, EXTENSION_FILTER, METADATA_FILTER, LOG_TYPE_FILTER ->
                    Optional.empty(); // refused fields, already said
            case FILTERSPECIFIER_NOT_SET -> {
                at.add("nothing", ONE, "write one filter, or leave filter out");
                yield Optional.empty();
            }
        };
    }

    private static Optional<LogFilter.Comparison> comparison(ComparisonFilter proto, Spot at) {
        if (!proto.hasValue()) {
            at.field("value").add("nothing", "a default_value", "write the number to compare with");
            return Optional.empty();
        }
        RuntimeNumber value =
                new RuntimeNumber(
                        proto.getValue().getRuntimeKey(),
                        Integer.toUnsignedLong(proto.getValue().getDefaultValue()));
        return switch (proto.getOp()) {
            case EQ -> Optional.of(new LogFilter.Comparison(LogFilter.Op.EQ, value));
            case GE -> Optional.of(new LogFilter.Comparison(LogFilter.Op.GE, value));
            case LE -> Optional.of(new LogFilter.Comparison(LogFilter.Op.LE, value));
            case UNRECOGNIZED -> {
                at.field("op").add("unknown", "EQ, GE or LE", "choose one of these");
                yield Optional.empty();
            }
        };
    }

    private static LogFilter sampled(RuntimeFilter proto, Spot at) {
        FractionalPercent percent = proto.getPercentSampled();
        long of =
                switch (percent.getDenominator()) {
                    case HUNDRED -> 100;
                    case TEN_THOUSAND -> 10_000;
                    case MILLION -> 1_000_000;
                    case UNRECOGNIZED -> {
                        at.field("percent_sampled")
                                .field("denominator")
                                .add("unknown", "MILLION", "choose a known one");
                        yield 1;
                    }
                };
        return new LogFilter.Sampled(
                new RuntimeNumber(
                        proto.getRuntimeKey(), Integer.toUnsignedLong(percent.getNumerator())),
                of,
                proto.getUseIndependentRandomness()
                        ? LogFilter.Draw.CHANCE
                        : LogFilter.Draw.REQUEST_ID);
    }

    private static Optional<List<LogFilter>> several(List<AccessLogFilter> protos, Spot at) {
        Spot spot = at.field("filters");
        if (protos.size() < 2) {
            spot.add(protos.size() + " filters", "at least 2", "add one, or write it alone");
            return Optional.empty();
        }
        List<LogFilter> filters = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            parse(protos.get(i), spot.index(i)).ifPresent(filters::add);
        }
        return filters.size() == protos.size() ? Optional.of(filters) : Optional.empty();
    }

    private static Optional<LogFilter> flags(List<String> words, Spot at) {
        int before = at.problems().count();
        for (int i = 0; i < words.size(); i++) {
            if (!FLAGS.contains(words.get(i))) {
                at.index(i)
                        .add(
                                Problem.quote(words.get(i)),
                                "one of " + String.join(", ", new TreeSet<>(FLAGS)),
                                "write a response flag of Envoy");
            }
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new LogFilter.Flags(Set.copyOf(words)));
    }

    private static Optional<LogFilter> grpc(GrpcStatusFilter proto, Spot at) {
        Set<Integer> codes = new TreeSet<>();
        for (int i = 0; i < proto.getStatusesCount(); i++) {
            GrpcStatusFilter.Status status = proto.getStatuses(i);
            if (status == GrpcStatusFilter.Status.UNRECOGNIZED) {
                at.field("statuses")
                        .index(i)
                        .add("unknown", "a status of gRPC", "choose a known one");
                return Optional.empty();
            }
            codes.add(status.getNumber());
        }
        return Optional.of(
                new LogFilter.GrpcStatus(
                        codes,
                        proto.getExclude() ? LogFilter.Sense.EXCLUDE : LogFilter.Sense.PASS));
    }
}
