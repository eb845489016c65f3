package dev.sluice.proxy.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.HealthCheck;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Answers probes of this proxy's health. A proxy that drains, or that was told to fail probes,
 * answers 503 in both modes, so that load balancers leave it before its connections end.
 * Thread-safe.
 *
 * @param name of the filter
 * @param serving whether this proxy wants to be sent requests
 */
record HealthCheckFilter(String name, HealthCheck spec, BooleanSupplier serving)
        implements HttpFilter {
    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        for (HeaderMatcher header : spec.headers()) {
            if (!header.matches(request.view())) {
                return FilterAnswer.Continue.unchanged(request);
            }
        }
        if (!serving.getAsBoolean()) {
            HeaderBlock headers = new HeaderBlock();
            headers.add("x-envoy-immediate-health-check-fail", "true");
            return new FilterAnswer.Answer(503, headers, "", probed());
        }
        return switch (spec.mode()) {
            case ANSWER -> new FilterAnswer.Answer(200, new HeaderBlock(), "", probed());
            case PASS_THROUGH -> FilterAnswer.Continue.unchanged(request, probed());
        };
    }

    private List<FilterEvent> probed() {
        return List.of(new FilterEvent(name, FilterEvent.Kind.HEALTH_CHECK));
    }
}
