package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.filter.FilterAnswer.RouteChoice;
import dev.sluice.proxy.filter.FilterVerdict.End;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.snapshot.HeaderMutations.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on its way through a chain of filters. Loop-owned. */
final class FilterRun {
    private final List<HttpFilter> filters;
    private final ServerStream client;
    private final Consumer<FilterVerdict> then;
    private final List<Changes> response = new ArrayList<>(2);
    private final List<FilterEvent> events = new ArrayList<>(2);
    private FilterRequest request;
    private RouteChoice route = RouteChoice.STANDS;
    private int next;

    /** Why the client went away while a filter waited; null while it is there. */
    private @Nullable StreamReset gone;

    FilterRun(
            List<HttpFilter> filters,
            FilterRequest request,
            ServerStream client,
            Consumer<FilterVerdict> then) {
        this.filters = filters;
        this.request = request;
        this.client = client;
        this.then = then;
    }

    void start() {
        while (next < filters.size()) {
            if (!goesOn(filters.get(next++).onRequest(request))) {
                return;
            }
        }
        end(route == RouteChoice.AGAIN ? End.MATCH_AGAIN : End.PASSED);
    }

    private boolean goesOn(FilterAnswer answer) {
        return switch (answer) {
            case FilterAnswer.Continue on -> {
                request = request.withView(on.request());
                response.add(on.response());
                events.addAll(on.events());
                route = on.route() == RouteChoice.AGAIN ? RouteChoice.AGAIN : route;
                yield true;
            }
            case FilterAnswer.Refuse no -> {
                response.add(no.response());
                events.addAll(no.events());
                end(new End.Refused(no.refusal(), no.status(), no.detail()));
                yield false;
            }
            case FilterAnswer.Answer own -> {
                end(new End.Answered(own.status(), own.headers(), own.body()));
                yield false;
            }
            case FilterAnswer.Wait later -> {
                await(later);
                yield false;
            }
        };
    }

    private void await(FilterAnswer.Wait later) {
        client.onClientGone(reset -> gone = reset);
        var unused =
                later.answer()
                        .thenAccept(
                                answer -> request.loop().executor().execute(() -> resume(answer)));
    }

    private void resume(FilterAnswer answer) {
        if (gone != null) {
            end(new End.Abandoned(gone));
        } else if (goesOn(answer)) {
            start();
        }
    }

    private void end(End how) {
        then.accept(new FilterVerdict(request.view(), how, response, events));
    }
}
