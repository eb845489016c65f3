package dev.sluice.proxy.resource.trace;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.Optional;

/**
 * Reads how a connection manager traces: with OpenTelemetry. Other tracers, and none at all, are
 * inert. Stateless.
 */
public final class TracingParser {
    private static final String OPEN_TELEMETRY = OpenTelemetryConfig.getDescriptor().getFullName();

    private TracingParser() {}

    /** Empty where nothing is traced, and after a problem. */
    public static Optional<TracingSpec> parse(Tracing proto, Spot at) {
        Spot provider = at.field("provider");
        if (!proto.hasProvider() || !proto.getProvider().hasTypedConfig()) {
            provider.inert();
            return Optional.empty();
        }
        Spot spot = provider.field("typed_config");
        Optional<Extensions.Config> config =
                Extensions.config(proto.getProvider().getTypedConfig(), spot);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        if (!config.get().type().equals(OPEN_TELEMETRY)) {
            provider.inert();
            return Optional.empty();
        }
        Optional<SpanTarget> target =
                Extensions.open(config.get(), OpenTelemetryConfig.getDefaultInstance(), spot)
                        .flatMap(tracer -> SpanTargetParser.parse(tracer, spot));
        var tags = SpanTagParser.parse(proto.getCustomTagsList(), at.field("custom_tags"));
        Sampling sampling = sampling(proto, at);
        int path =
                proto.hasMaxPathTagLength()
                        ? Values.number(
                                proto.getMaxPathTagLength(),
                                0,
                                Integer.MAX_VALUE,
                                at.field("max_path_tag_length"))
                        : TracingSpec.LONGEST_PATH;
        Spans spans =
                proto.getSpawnUpstreamSpan().getValue()
                        ? Spans.REQUEST_AND_ATTEMPTS
                        : Spans.REQUEST;
        return target.map(to -> new TracingSpec(to, sampling, tags, spans, path));
    }

    private static Sampling sampling(Tracing proto, Spot at) {
        return Sampling.of(
                share(
                        proto.hasClientSampling(),
                        proto.getClientSampling(),
                        at.field("client_sampling")),
                share(
                        proto.hasRandomSampling(),
                        proto.getRandomSampling(),
                        at.field("random_sampling")),
                share(
                        proto.hasOverallSampling(),
                        proto.getOverallSampling(),
                        at.field("overall_sampling")));
    }

    private static PartsPerMillion share(boolean written, Percent proto, Spot at) {
        return written
                ? new PartsPerMillion(
                        (int) Math.round(Values.percent(proto, at) * PartsPerMillion.WHOLE / 100))
                : PartsPerMillion.ALL;
    }
}
