package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Abort;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Answer;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Delay;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Keys;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Rate;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Scope;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec.Share;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the fault filter; empty after a problem. Stateless. */
final class HttpFaultParser {
    private static final String NOTHING = "nothing";

    private HttpFaultParser() {}

    static Optional<HttpFilterSpec> parse(HTTPFault proto, Spot at) {
        int before = at.problems().count();
        Optional<Delay> delay =
                proto.hasDelay() ? delay(proto.getDelay(), at.field("delay")) : Optional.empty();
        Optional<Abort> abort =
                proto.hasAbort() ? abort(proto.getAbort(), at.field("abort")) : Optional.empty();
        Optional<Rate> rate =
                proto.hasResponseRateLimit()
                        ? rate(proto.getResponseRateLimit(), at.field("response_rate_limit"))
                        : Optional.empty();
        OptionalLong most =
                proto.hasMaxActiveFaults()
                        ? OptionalLong.of(
                                Integer.toUnsignedLong(proto.getMaxActiveFaults().getValue()))
                        : OptionalLong.empty();
        Scope scope =
                new Scope(
                        headers(proto, at),
                        proto.getUpstreamCluster(),
                        new HashSet<>(proto.getDownstreamNodesList()));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new HttpFilterSpec.Fault(
                                new HttpFaultSpec(delay, abort, rate, scope, most, keys(proto))));
    }

    private static Keys keys(HTTPFault proto) {
        return new Keys(
                or(proto.getDelayPercentRuntime(), Keys.DEFAULT.delayShare()),
                or(proto.getDelayDurationRuntime(), Keys.DEFAULT.delayMillis()),
                or(proto.getAbortPercentRuntime(), Keys.DEFAULT.abortShare()),
                or(proto.getAbortHttpStatusRuntime(), Keys.DEFAULT.httpStatus()),
                or(proto.getAbortGrpcStatusRuntime(), Keys.DEFAULT.grpcStatus()),
                or(proto.getResponseRateLimitPercentRuntime(), Keys.DEFAULT.rateShare()),
                or(proto.getMaxActiveFaultsRuntime(), Keys.DEFAULT.mostActive()));
    }

    private static String or(String written, String standard) {
        return written.isEmpty() ? standard : written;
    }

    private static List<HeaderMatcher> headers(HTTPFault proto, Spot at) {
        List<HeaderMatcher> headers = new ArrayList<>();
        for (int i = 0; i < proto.getHeadersCount(); i++) {
            Spot spot = at.field("headers").index(i);
            MatcherParser.header(proto.getHeaders(i), spot.problems()).ifPresent(headers::add);
        }
        return headers;
    }

    private static Optional<Delay> delay(FaultDelay proto, Spot at) {
        Share share = share(proto.getPercentage());
        return switch (proto.getFaultDelaySecifierCase()) {
            case FIXED_DELAY ->
                    Optional.of(
                            new Delay(
                                    Optional.of(
                                            Values.positive(
                                                    proto.getFixedDelay(),
                                                    at.field("fixed_delay"))),
                                    share));
            case HEADER_DELAY -> Optional.of(new Delay(Optional.empty(), share));
            case FAULTDELAYSECIFIER_NOT_SET -> {
                at.add(NOTHING, "fixed_delay or header_delay", "say how long requests wait");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Abort> abort(FaultAbort proto, Spot at) {
        Share share = share(proto.getPercentage());
        return switch (proto.getErrorTypeCase()) {
            case HTTP_STATUS -> {
                long status = Integer.toUnsignedLong(proto.getHttpStatus());
                if (status < 200 || status > 599) {
                    at.field("http_status")
                            .add(Long.toString(status), "200..599", "write a final status");
                }
                yield Optional.of(new Abort(Optional.of(new Answer.Http((int) status)), share));
            }
            case GRPC_STATUS ->
                    Optional.of(
                            new Abort(
                                    Optional.of(
                                            new Answer.Grpc(
                                                    Integer.toUnsignedLong(proto.getGrpcStatus()))),
                                    share));
            case HEADER_ABORT -> Optional.of(new Abort(Optional.empty(), share));
            case ERRORTYPE_NOT_SET -> {
                at.add(
                        NOTHING,
                        "http_status, grpc_status or header_abort",
                        "say what requests are answered");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Rate> rate(FaultRateLimit proto, Spot at) {
        Share share = share(proto.getPercentage());
        return switch (proto.getLimitTypeCase()) {
            case FIXED_LIMIT -> {
                long kib = proto.getFixedLimit().getLimitKbps();
                if (kib == 0) {
                    at.field("fixed_limit")
                            .field("limit_kbps")
                            .add("0", "at least 1", "write how many KiB are sent in a second");
                }
                long most = kib < 0 ? Long.MAX_VALUE : kib;
                yield Optional.of(new Rate(OptionalLong.of(most), share));
            }
            case HEADER_LIMIT -> Optional.of(new Rate(OptionalLong.empty(), share));
            case LIMITTYPE_NOT_SET -> {
                at.add(NOTHING, "fixed_limit or header_limit", "say how fast answers are sent");
                yield Optional.empty();
            }
        };
    }

    private static Share share(FractionalPercent proto) {
        return new Share(
                Integer.toUnsignedLong(proto.getNumerator()),
                switch (proto.getDenominator()) {
                    case HUNDRED -> 10_000;
                    case TEN_THOUSAND -> 100;
                    case MILLION, UNRECOGNIZED -> 1;
                });
    }
}
