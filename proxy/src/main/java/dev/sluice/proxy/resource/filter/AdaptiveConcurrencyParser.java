package dev.sluice.proxy.resource.filter;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec.Minimum;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.GradientControllerConfig;
import io.envoyproxy.envoy.extensions.filters.http.adaptive_concurrency.v3.GradientControllerConfig.MinimumRTTCalculationParams;
import io.envoyproxy.envoy.type.v3.Percent;
import java.time.Duration;
import java.util.Optional;

/** Reads adaptive concurrency limits; empty after a problem. Stateless. */
final class AdaptiveConcurrencyParser {
    private static final int DEFAULT_STATUS = 503;

    private AdaptiveConcurrencyParser() {}

    static Optional<HttpFilterSpec> parse(AdaptiveConcurrency proto, Spot at) {
        int before = at.problems().count();
        Spot spot = at.field("gradient_controller_config");
        if (!proto.hasGradientControllerConfig()) {
            spot.add("nothing", "a gradient controller", "write it");
            return Optional.empty();
        }
        GradientControllerConfig gradient = proto.getGradientControllerConfig();
        Spot limits = spot.field("concurrency_limit_params");
        var params = gradient.getConcurrencyLimitParams();
        MinimumRTTCalculationParams rtt = gradient.getMinRttCalcParams();
        Spot minimum = spot.field("min_rtt_calc_params");
        int status = proto.getConcurrencyLimitExceededStatus().getCodeValue();
        AdaptiveConcurrencySpec spec =
                new AdaptiveConcurrencySpec(
                        proto.hasEnabled() ? Values.flag(proto.getEnabled()) : RuntimeFlag.ON,
                        share(
                                gradient.hasSampleAggregatePercentile(),
                                gradient.getSampleAggregatePercentile(),
                                0.5,
                                spot.field("sample_aggregate_percentile")),
                        number(
                                params.hasMaxConcurrencyLimit(),
                                params.getMaxConcurrencyLimit(),
                                1_000,
                                limits.field("max_concurrency_limit")),
                        Values.positive(
                                params.getConcurrencyUpdateInterval(),
                                limits.field("concurrency_update_interval")),
                        minimum(rtt, minimum),
                        number(
                                rtt.hasMinConcurrency(),
                                rtt.getMinConcurrency(),
                                3,
                                minimum.field("min_concurrency")),
                        share(rtt.hasBuffer(), rtt.getBuffer(), 0.25, minimum.field("buffer")),
                        status < 400 ? DEFAULT_STATUS : status);
        if (spec.least() > spec.most()) {
            minimum.field("min_concurrency")
                    .add(
                            Integer.toString(spec.least()),
                            "at most max_concurrency_limit, " + spec.most(),
                            "lower it, or raise the other");
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new HttpFilterSpec.AdaptiveConcurrency(spec));
    }

    private static Minimum minimum(MinimumRTTCalculationParams proto, Spot at) {
        if (proto.hasInterval() == proto.hasFixedValue()) {
            at.add(
                    proto.hasInterval() ? "interval and fixed_value" : "neither",
                    "interval or fixed_value",
                    "say how often the minimum is measured, or what it is");
        }
        return proto.hasFixedValue()
                ? new Minimum.Fixed(Values.positive(proto.getFixedValue(), at.field("fixed_value")))
                : new Minimum.Measured(
                        proto.hasInterval()
                                ? Values.positive(proto.getInterval(), at.field("interval"))
                                : Duration.ofSeconds(1),
                        number(
                                proto.hasRequestCount(),
                                proto.getRequestCount(),
                                50,
                                at.field("request_count")),
                        share(proto.hasJitter(), proto.getJitter(), 0.15, at.field("jitter")));
    }

    private static int number(boolean written, UInt32Value proto, int byDefault, Spot at) {
        return written ? Values.number(proto, 1, Integer.MAX_VALUE, at) : byDefault;
    }

    private static double share(boolean written, Percent proto, double byDefault, Spot at) {
        return written ? Values.percent(proto, at) / 100 : byDefault;
    }
}
