package dev.sluice.proxy.path;

import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.plan.Plan;
import java.util.List;

/**
 * Everything that the path decided about an exchange before anything was sent. Loop-owned.
 *
 * @param route name of the route; empty when none matched
 * @param gate what the gate said
 * @param requestId of {@code x-request-id}; empty without
 * @param filterEvents what filters noticed
 * @param hold ends with the exchange
 * @param plan what is done
 */
record Decided(
        String route,
        GateAnswer gate,
        String requestId,
        List<FilterEvent> filterEvents,
        TraceDecisions.Hold hold,
        Plan plan) {}
