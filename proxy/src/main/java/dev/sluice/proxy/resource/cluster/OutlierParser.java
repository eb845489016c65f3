package dev.sluice.proxy.resource.cluster;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec.Streak;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import java.time.Duration;

/** Reads outlier detection with Envoy's defaults. Stateless. */
final class OutlierParser {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration BASE = Duration.ofSeconds(30);
    private static final Duration MAX = Duration.ofMinutes(5);
    private static final int ALL = 100;

    private OutlierParser() {}

    static OutlierSpec parse(OutlierDetection proto, Spot at) {
        return new OutlierSpec(
                new Streak(
                        number(
                                proto.hasConsecutive5Xx(),
                                proto.getConsecutive5Xx(),
                                5,
                                at.field("consecutive_5xx")),
                        percent(
                                proto.hasEnforcingConsecutive5Xx(),
                                proto.getEnforcingConsecutive5Xx(),
                                ALL,
                                at.field("enforcing_consecutive_5xx"))),
                new Streak(
                        number(
                                proto.hasConsecutiveGatewayFailure(),
                                proto.getConsecutiveGatewayFailure(),
                                5,
                                at.field("consecutive_gateway_failure")),
                        percent(
                                proto.hasEnforcingConsecutiveGatewayFailure(),
                                proto.getEnforcingConsecutiveGatewayFailure(),
                                0,
                                at.field("enforcing_consecutive_gateway_failure"))),
                new Streak(
                        number(
                                proto.hasConsecutiveLocalOriginFailure(),
                                proto.getConsecutiveLocalOriginFailure(),
                                5,
                                at.field("consecutive_local_origin_failure")),
                        percent(
                                proto.hasEnforcingConsecutiveLocalOriginFailure(),
                                proto.getEnforcingConsecutiveLocalOriginFailure(),
                                ALL,
                                at.field("enforcing_consecutive_local_origin_failure"))),
                proto.getSplitExternalLocalOriginErrors()
                        ? OutlierSpec.Origins.APART
                        : OutlierSpec.Origins.TOGETHER,
                successRate(proto, at),
                failurePercentage(proto, at),
                ejection(proto, at));
    }

    private static OutlierSpec.SuccessRate successRate(OutlierDetection proto, Spot at) {
        return new OutlierSpec.SuccessRate(
                number(
                        proto.hasSuccessRateMinimumHosts(),
                        proto.getSuccessRateMinimumHosts(),
                        5,
                        at.field("success_rate_minimum_hosts")),
                number(
                        proto.hasSuccessRateRequestVolume(),
                        proto.getSuccessRateRequestVolume(),
                        100,
                        at.field("success_rate_request_volume")),
                number(
                        proto.hasSuccessRateStdevFactor(),
                        proto.getSuccessRateStdevFactor(),
                        1900,
                        at.field("success_rate_stdev_factor")),
                percent(
                        proto.hasEnforcingSuccessRate(),
                        proto.getEnforcingSuccessRate(),
                        ALL,
                        at.field("enforcing_success_rate")),
                percent(
                        proto.hasEnforcingLocalOriginSuccessRate(),
                        proto.getEnforcingLocalOriginSuccessRate(),
                        ALL,
                        at.field("enforcing_local_origin_success_rate")));
    }

    private static OutlierSpec.FailurePercentage failurePercentage(
            OutlierDetection proto, Spot at) {
        return new OutlierSpec.FailurePercentage(
                number(
                        proto.hasFailurePercentageMinimumHosts(),
                        proto.getFailurePercentageMinimumHosts(),
                        5,
                        at.field("failure_percentage_minimum_hosts")),
                number(
                        proto.hasFailurePercentageRequestVolume(),
                        proto.getFailurePercentageRequestVolume(),
                        50,
                        at.field("failure_percentage_request_volume")),
                percent(
                        proto.hasFailurePercentageThreshold(),
                        proto.getFailurePercentageThreshold(),
                        85,
                        at.field("failure_percentage_threshold")),
                percent(
                        proto.hasEnforcingFailurePercentage(),
                        proto.getEnforcingFailurePercentage(),
                        0,
                        at.field("enforcing_failure_percentage")),
                percent(
                        proto.hasEnforcingFailurePercentageLocalOrigin(),
                        proto.getEnforcingFailurePercentageLocalOrigin(),
                        0,
                        at.field("enforcing_failure_percentage_local_origin")));
    }

    private static OutlierSpec.Ejection ejection(OutlierDetection proto, Spot at) {
        Duration base =
                proto.hasBaseEjectionTime()
                        ? Values.positive(
                                proto.getBaseEjectionTime(), at.field("base_ejection_time"))
                        : BASE;
        return new OutlierSpec.Ejection(
                proto.hasInterval()
                        ? Values.positive(proto.getInterval(), at.field("interval"))
                        : INTERVAL,
                base,
                proto.hasMaxEjectionTime()
                        ? Values.positive(proto.getMaxEjectionTime(), at.field("max_ejection_time"))
                        : base.compareTo(MAX) > 0 ? base : MAX,
                percent(
                        proto.hasMaxEjectionPercent(),
                        proto.getMaxEjectionPercent(),
                        10,
                        at.field("max_ejection_percent")),
                proto.getAlwaysEjectOneHost().getValue()
                        ? OutlierSpec.First.ALWAYS
                        : OutlierSpec.First.WITHIN_SHARE);
    }

    private static int number(boolean given, UInt32Value value, int byDefault, Spot at) {
        return given ? Values.number(value, 1, Integer.MAX_VALUE, at) : byDefault;
    }

    private static int percent(boolean given, UInt32Value value, int byDefault, Spot at) {
        return given ? Values.number(value, 0, ALL, at) : byDefault;
    }
}
