package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.filter.TokenBucket.Take;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.FilterEvent.Kind;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.Budget;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.GrpcCode;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.header.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Refuses requests over a limit of this proxy alone. Thread-safe. */
final class LocalRateLimitFilter implements HttpFilter {
    private final String name;
    private final LocalRateLimitSpec spec;
    private final TokenBucket bucket;

    LocalRateLimitFilter(String name, LocalRateLimitSpec spec, Ticker ticker) {
        this.name = name;
        this.spec = spec;
        bucket = new TokenBucket(spec.bucket(), ticker);
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        if (!request.draws(spec.enabled())) {
            return FilterAnswer.Continue.unchanged(request);
        }
        Take take = bucket.take();
        return switch (take) {
            case Take.Taken taken -> passed(request.view(), taken, List.of());
            case Take.Empty empty -> {
                if (request.draws(spec.enforced())) {
                    yield refused(empty);
                }
                HeaderBlock headers = request.view().head().headers().copy();
                HeaderMutator.of(List.of(spec.notEnforced())).apply(headers);
                yield passed(
                        request.view().withHeaders(headers),
                        empty,
                        List.of(new FilterEvent(name, Kind.LIMIT_NOT_ENFORCED)));
            }
        };
    }

    private FilterAnswer passed(ExchangeView view, Take take, List<FilterEvent> events) {
        Changes shown = new Changes(List.of(), budget(take));
        return new FilterAnswer.Continue(view, shown, events);
    }

    private FilterAnswer refused(Take take) {
        Refusal refusal =
                spec.refusal().grpc() == GrpcCode.RESOURCE_EXHAUSTED
                        ? Refusal.RATE_EXHAUSTED
                        : Refusal.RATE_LIMITED;
        List<Addition> additions = new ArrayList<>(spec.response().add());
        additions.addAll(budget(take));
        return new FilterAnswer.Refuse(
                refusal,
                spec.refusal().status(),
                "more than %d requests, with %d more every %s"
                        .formatted(
                                spec.bucket().most(),
                                spec.bucket().perFill(),
                                spec.bucket().interval()),
                new Changes(spec.response().remove(), additions),
                List.of());
    }

    private List<Addition> budget(Take take) {
        if (spec.budget() == Budget.HIDDEN) {
            return List.of();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(bucket.untilFill() + 999_999_999L);
        return List.of(
                field("x-ratelimit-limit", bucket.most()),
                field("x-ratelimit-remaining", take.left()),
                field("x-ratelimit-reset", seconds));
    }

    private static Addition field(String header, long value) {
        return new Addition(
                header,
                Long.toString(value),
                AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
                /* keepEmpty= */ false);
    }
}
