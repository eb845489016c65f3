package dev.sluice.proxy.filter;

import dev.sluice.proxy.filter.concurrency.ConcurrencyLimit;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import io.netty.util.concurrent.Ticker;
import java.util.List;

/** Refuses requests over a limit that follows their latency. Thread-safe. */
final class AdaptiveConcurrencyFilter implements HttpFilter {
    private final AdaptiveConcurrencySpec spec;
    private final Ticker ticker;
    private final ConcurrencyLimit limit;

    AdaptiveConcurrencyFilter(AdaptiveConcurrencySpec spec, Ticker ticker) {
        this.spec = spec;
        this.ticker = ticker;
        limit = new ConcurrencyLimit(spec, ticker);
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        if (!request.runtime().isOn(spec.enabled())) {
            return FilterAnswer.Continue.unchanged(request);
        }
        if (!limit.tryBegin(request.random())) {
            return new FilterAnswer.Refuse(
                    Refusal.OVERLOADED,
                    spec.status(),
                    "reached the concurrency limit of " + limit.limit(),
                    Changes.NONE,
                    List.of());
        }
        long began = ticker.nanoTime();
        return new FilterAnswer.Continue(
                request.view(),
                Changes.NONE,
                List.of(),
                Injection.NONE.until(outcome -> over(began, outcome)));
    }

    private void over(long began, Outcome outcome) {
        boolean gone = outcome.flags().contains(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        if (gone || outcome.status() == 0) {
            limit.left();
        } else {
            limit.ended(began);
        }
    }
}
