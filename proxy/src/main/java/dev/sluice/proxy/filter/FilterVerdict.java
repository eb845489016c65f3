package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import java.util.List;

/**
 * What a chain of filters said about a request. Loop-owned.
 *
 * @param request as the filters left it
 * @param end what becomes of it
 * @param response changes to the answer, in order
 * @param events what the filters noticed
 * @param injection the faults that they inject
 */
public record FilterVerdict(
        ExchangeView request,
        End end,
        List<Changes> response,
        List<FilterEvent> events,
        Injection injection)
        implements FilterOutcome {
    /** Nothing was asked of the request. */
    static FilterVerdict untouched(ExchangeView request) {
        return new FilterVerdict(request, End.PASSED, List.of(), List.of(), Injection.NONE);
    }

    /** The request was refused before any filter was asked. */
    public static FilterVerdict refused(ExchangeView request, Refusal refusal, String detail) {
        return new FilterVerdict(
                request,
                new End.Refused(refusal, refusal.status(), detail),
                List.of(),
                List.of(),
                Injection.NONE);
    }

    /** What becomes of a request. */
    public sealed interface End {
        Passed PASSED = new Passed();

        /** It goes on along its route. */
        record Passed() implements End {}

        /** It is refused. */
        record Refused(Refusal refusal, int status, String detail) implements End {}

        /**
         * It has its answer.
         *
         * @param details why, for the log; may be empty
         */
        record Answered(int status, HeaderBlock headers, String body, String details)
                implements End {}

        /** Its client went away while a filter kept it waiting. */
        record Left(StreamReset why) implements End {}
    }
}
