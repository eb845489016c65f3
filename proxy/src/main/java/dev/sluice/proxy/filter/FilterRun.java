package dev.sluice.proxy.filter;

import dev.sluice.proxy.filter.FilterVerdict.End;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.snapshot.part.HeaderMutations.Changes;
import java.util.ArrayList;
import java.util.List;

/** One request on its way through a chain of filters. Loop-owned. */
final class FilterRun {
    private final List<Changes> response = new ArrayList<>(2);
    private final List<FilterEvent> events = new ArrayList<>(2);
    private FilterRequest request;

    FilterRun(FilterRequest request) {
        this.request = request;
    }

    /** Asks one after the other until one refuses or answers. */
    FilterVerdict through(List<HttpFilter> filters) {
        for (HttpFilter filter : filters) {
            End end = take(filter.onRequest(request));
            if (!(end instanceof End.Passed)) {
                return verdict(end);
            }
        }
        return verdict(End.PASSED);
    }

    private End take(FilterAnswer answer) {
        return switch (answer) {
            case FilterAnswer.Continue on -> {
                request = request.withView(on.request());
                response.add(on.response());
                events.addAll(on.events());
                yield End.PASSED;
            }
            case FilterAnswer.Refuse no -> {
                response.add(no.response());
                events.addAll(no.events());
                yield new End.Refused(no.refusal(), no.status(), no.detail());
            }
            case FilterAnswer.Answer own -> {
                events.addAll(own.events());
                yield new End.Answered(own.status(), own.headers(), own.body());
            }
        };
    }

    private FilterVerdict verdict(End end) {
        return new FilterVerdict(request.view(), end, response, events);
    }
}
