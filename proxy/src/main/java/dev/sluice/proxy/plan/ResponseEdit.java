package dev.sluice.proxy.plan;

import dev.sluice.proxy.exchange.ResponseHead;

/** Makes the final head for the client out of the upstream's or the proxy's own. Loop-owned. */
@FunctionalInterface
public interface ResponseEdit {
    /**
     * Makes the head that the client gets.
     *
     * @param head belongs to the edit
     */
    ResponseHead apply(ResponseHead head, AnsweredBy by);
}
