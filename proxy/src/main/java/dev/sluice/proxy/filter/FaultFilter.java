package dev.sluice.proxy.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes requests meet faults, as Envoy's filter: the answer is slowed down, then the request waits,
 * then it is answered in place of the upstream. Each is drawn by itself. Retries, fallback and
 * gates do not see them; faults behind a gate are leases. Thread-safe.
 */
final class FaultFilter implements HttpFilter {
    private static final String NODE = "x-envoy-downstream-service-node";

    private final String name;
    private final HttpFaultSpec spec;

    /** Requests under way that met a fault, on all levels of the route. */
    private final AtomicLong active;

    private FaultFilter(String name, HttpFaultSpec spec, AtomicLong active) {
        this.name = name;
        this.spec = spec;
        this.active = active;
    }

    static FaultFilter of(String name, HttpFaultSpec spec) {
        return new FaultFilter(name, spec, new AtomicLong());
    }

    /** The same filter with the settings of a route. */
    FaultFilter with(HttpFaultSpec other) {
        return new FaultFilter(name, other, active);
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        return concerns(request)
                ? new FaultRun(name, spec, active, request).begin()
                : FilterAnswer.Continue.unchanged(request);
    }

    private boolean concerns(FilterRequest request) {
        if (spec.isIdle()) {
            return false;
        }
        HttpFaultSpec.Scope scope = spec.scope();
        ExchangeView view = request.view();
        for (HeaderMatcher header : scope.headers()) {
            if (!header.matches(view)) {
                return false;
            }
        }
        boolean anyNode = scope.nodes().isEmpty();
        boolean anyCluster = scope.cluster().isEmpty();
        return (anyNode || view.header(NODE).filter(this::isNamed).isPresent())
                && (anyCluster
                        || request.leadsTo()
                                .apply(view)
                                .filter(scope.cluster()::equals)
                                .isPresent());
    }

    private boolean isNamed(CharSequence node) {
        return spec.scope().nodes().contains(node.toString());
    }
}
