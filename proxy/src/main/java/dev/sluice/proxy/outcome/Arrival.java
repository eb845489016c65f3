package dev.sluice.proxy.outcome;

import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.observe.InjectedFault;
import java.util.List;

/**
 * An exchange whose plan is about to be executed. Loop-owned.
 *
 * @param client where the request is and the answer goes
 * @param begun when the request's head was complete, by the loop's ticker
 * @param ready when the last filter let it go on; the route's times begin here
 * @param faults that it has met so far
 * @param spans of its attempts
 */
public record Arrival(
        ServerStream client,
        long begun,
        long ready,
        List<InjectedFault> faults,
        AttemptSpans spans) {}
