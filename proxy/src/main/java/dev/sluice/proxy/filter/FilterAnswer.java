package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import java.util.List;

/** What a filter says about a request. */
sealed interface FilterAnswer {
    /**
     * The next filter is asked.
     *
     * @param request as the next one sees it
     * @param response changes to the answer, whoever gives it
     * @param events what was noticed
     * @param injection faults that the request meets
     */
    record Continue(
            ExchangeView request, Changes response, List<FilterEvent> events, Injection injection)
            implements FilterAnswer {
        Continue(ExchangeView request, Changes response, List<FilterEvent> events) {
            this(request, response, events, Injection.NONE);
        }

        static Continue unchanged(FilterRequest request) {
            return unchanged(request, List.of());
        }

        static Continue unchanged(FilterRequest request, List<FilterEvent> events) {
            return new Continue(request.view(), Changes.NONE, events);
        }
    }

    /**
     * The request is refused.
     *
     * @param status in place of the refusal's own
     * @param detail what, got and expected, in one line
     * @param response changes to the answer
     */
    record Refuse(
            Refusal refusal, int status, String detail, Changes response, List<FilterEvent> events)
            implements FilterAnswer {}

    /**
     * The filter itself answers.
     *
     * @param details why, for the log; empty: nothing but that it is no answer of an upstream
     */
    record Answer(
            int status,
            HeaderBlock headers,
            String body,
            String details,
            List<FilterEvent> events,
            Injection injection)
            implements FilterAnswer {
        Answer(int status, HeaderBlock headers, String body, List<FilterEvent> events) {
            this(status, headers, body, "", events, Injection.NONE);
        }
    }

    /**
     * The answer comes later; the request waits.
     *
     * @param events what was noticed so far
     * @param injection faults that the request meets, the wait included
     */
    record Wait(Waiting what, List<FilterEvent> events, Injection injection)
            implements FilterAnswer {}
}
