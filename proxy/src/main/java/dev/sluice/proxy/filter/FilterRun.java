package dev.sluice.proxy.filter;

import dev.sluice.proxy.filter.FilterVerdict.End;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request on its way through a chain of filters. Loop-owned. */
final class FilterRun {
    private final List<HttpFilter> filters;
    private final List<Changes> response = new ArrayList<>(2);
    private final List<FilterEvent> events = new ArrayList<>(2);
    private Injection injection = Injection.NONE;
    private FilterRequest request;
    private int next;

    FilterRun(List<HttpFilter> filters, FilterRequest request) {
        this.filters = filters;
        this.request = request;
    }

    /** Asks one after the other until one refuses, answers or waits. */
    FilterOutcome go() {
        while (next < filters.size()) {
            Optional<FilterOutcome> outcome = take(filters.get(next++).onRequest(request));
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return verdict(End.PASSED);
    }

    /** Goes on with what the filter that waited says now. */
    FilterOutcome resume(FilterAnswer answer) {
        return take(answer).orElseGet(this::go);
    }

    /** What is known so far, with this end. */
    FilterVerdict verdict(End end) {
        return new FilterVerdict(request.view(), end, response, events, injection);
    }

    /** Empty: the next filter is asked. */
    private Optional<FilterOutcome> take(FilterAnswer answer) {
        return switch (answer) {
            case FilterAnswer.Continue on -> {
                request = request.withView(on.request());
                response.add(on.response());
                noticed(on.events(), on.injection());
                yield Optional.empty();
            }
            case FilterAnswer.Refuse no -> {
                response.add(no.response());
                noticed(no.events(), Injection.NONE);
                yield Optional.of(verdict(new End.Refused(no.refusal(), no.status(), no.detail())));
            }
            case FilterAnswer.Answer own -> {
                noticed(own.events(), own.injection());
                yield Optional.of(
                        verdict(
                                new End.Answered(
                                        own.status(), own.headers(), own.body(), own.details())));
            }
            case FilterAnswer.Wait wait -> {
                noticed(wait.events(), wait.injection());
                yield Optional.of(new FilterPause(this, wait.what()));
            }
        };
    }

    private void noticed(List<FilterEvent> more, Injection faults) {
        events.addAll(more);
        injection = injection.and(faults);
    }
}
