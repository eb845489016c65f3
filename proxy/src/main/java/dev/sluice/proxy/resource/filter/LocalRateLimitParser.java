package dev.sluice.proxy.resource.filter;

import dev.sluice.proxy.resource.header.HeaderMutationParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.Bucket;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.Budget;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.GrpcCode;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads local rate limits; empty after a problem. Stateless. */
final class LocalRateLimitParser {
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final int DEFAULT_STATUS = 429;
    private static final TokenBucket UNUSED =
            TokenBucket.newBuilder()
                    .setMaxTokens(1)
                    .setFillInterval(
                            com.google.protobuf.Duration.newBuilder().setSeconds(1).build())
                    .build();

    private LocalRateLimitParser() {}

    /** Of a listener, which may leave all to its routes: without a bucket it limits nothing. */
    static Optional<HttpFilterSpec> ofListener(LocalRateLimit proto, Spot at) {
        return proto.hasTokenBucket()
                ? parse(proto, at)
                : parse(proto.toBuilder().setTokenBucket(UNUSED).clearFilterEnabled().build(), at);
    }

    /** Of a route. */
    static Optional<HttpFilterSpec> parse(LocalRateLimit proto, Spot at) {
        int before = at.problems().count();
        int status = proto.getStatus().getCodeValue();
        GrpcCode grpc =
                proto.getRateLimitedAsResourceExhausted()
                        ? GrpcCode.RESOURCE_EXHAUSTED
                        : GrpcCode.UNAVAILABLE;
        LocalRateLimitSpec spec =
                new LocalRateLimitSpec(
                        bucket(proto, at.field("token_bucket")),
                        share(proto.hasFilterEnabled(), proto.getFilterEnabled()),
                        share(proto.hasFilterEnforced(), proto.getFilterEnforced()),
                        new LocalRateLimitSpec.Refusal(
                                status < 400 ? DEFAULT_STATUS : status, grpc),
                        new Changes(
                                List.of(),
                                HeaderMutationParser.literals(
                                        proto.getRequestHeadersToAddWhenNotEnforcedList(),
                                        at.field("request_headers_to_add_when_not_enforced"))),
                        new Changes(
                                List.of(),
                                HeaderMutationParser.literals(
                                        proto.getResponseHeadersToAddList(),
                                        at.field("response_headers_to_add"))),
                        budget(proto));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new HttpFilterSpec.LocalRateLimit(spec));
    }

    private static Budget budget(LocalRateLimit proto) {
        return proto.getEnableXRatelimitHeaders() == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03
                ? Budget.SHOWN
                : Budget.HIDDEN;
    }

    /** As in Envoy, a filter that says nothing does nothing. */
    private static RuntimeShare share(boolean present, RuntimeFractionalPercent proto) {
        return present ? Values.share(proto) : RuntimeShare.NONE;
    }

    private static Bucket bucket(LocalRateLimit proto, Spot at) {
        TokenBucket bucket = proto.getTokenBucket();
        if (!proto.hasTokenBucket()) {
            at.add("no token bucket", "token_bucket", "say how many requests pass in what time");
            return new Bucket(1, 1, SHORTEST);
        }
        long most = Integer.toUnsignedLong(bucket.getMaxTokens());
        if (most == 0) {
            at.field("max_tokens").add("0", "at least 1", "write how many requests may pass");
        }
        int perFill =
                bucket.hasTokensPerFill()
                        ? Values.number(
                                bucket.getTokensPerFill(),
                                1,
                                Integer.MAX_VALUE,
                                at.field("tokens_per_fill"))
                        : 1;
        Duration interval = Values.duration(bucket.getFillInterval(), at.field("fill_interval"));
        if (interval.compareTo(SHORTEST) < 0) {
            at.field("fill_interval").add(interval.toString(), "at least 50ms", "fill less often");
        }
        return new Bucket(Math.max(1, most), perFill, interval);
    }
}
