package dev.sluice.proxy.filter;

import dev.sluice.proxy.observe.ExchangeRecord.Upstream;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Source;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.tap.Tap;
import dev.sluice.proxy.tap.Tapping;
import dev.sluice.proxy.tap.Taps;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Records exchanges for people to look at; changes nothing. Thread-safe. */
final class TapFilter implements HttpFilter {
    private final Supplier<Optional<Tap>> tap;
    private final TapFilterSpec.Facts facts;
    private final InstantSource clock;

    private TapFilter(Supplier<Optional<Tap>> tap, TapFilterSpec.Facts facts, InstantSource clock) {
        this.tap = tap;
        this.facts = facts;
        this.clock = clock;
    }

    static TapFilter of(TapFilterSpec spec, Taps taps, InstantSource clock) {
        Supplier<Optional<Tap>> tap =
                switch (spec.source()) {
                    case Source.Fixed(var fixed) -> {
                        Optional<Tap> own = Optional.of(taps.fixed(fixed));
                        yield () -> own;
                    }
                    case Source.Attached(String id) -> () -> taps.attached(id);
                };
        return new TapFilter(tap, spec.facts(), clock);
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        return tap.get()
                .filter(now -> request.draws(now.spec().enabled()))
                .flatMap(
                        now -> now.begin(request.view(), facts, clock, request.random().nextLong()))
                .map(tapping -> recorded(request, tapping))
                .orElseGet(() -> FilterAnswer.Continue.unchanged(request));
    }

    private static FilterAnswer recorded(FilterRequest request, Tapping tapping) {
        return new FilterAnswer.Continue(
                request.view(),
                Changes.NONE,
                List.of(),
                Injection.around(tapping::on)
                        .until(outcome -> tapping.end(outcome.upstream().flatMap(Upstream::host))));
    }
}
