package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.observe.Progress;

/** Makes the final head for the client out of the upstream's or the proxy's own. Loop-owned. */
@FunctionalInterface
public interface ResponseEdit {
    /**
     * Makes the head that the client gets.
     *
     * @param head belongs to the edit
     * @param progress of the exchange up to this head
     */
    ResponseHead apply(ResponseHead head, AnsweredBy by, Progress progress);
}
