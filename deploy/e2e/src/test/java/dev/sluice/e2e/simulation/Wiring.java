package dev.sluice.e2e.simulation;

import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateReply;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.plan.Plan.FallbackWhen;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.Optional;

/**
 * How the real parts are put together where a run joins them. Each method does what the product
 * does; a wiring that does otherwise is a product with a defect, which invariants must notice.
 */
interface Wiring {
    /** As the product is. */
    Wiring REAL = new Wiring() {};

    /** What a sidecar decides about a request; empty when the gate is not in force there. */
    default Optional<GateAnswer.Decided> decide(
            GateStep gates, GateTable table, Requests.Request request) {
        GateReply reply =
                gates.decide(Optional.of(request.route()), Optional.empty(), request.view());
        return reply instanceof GateAnswer.Decided decided
                ? Optional.of(decided)
                : Optional.empty();
    }

    /** Whether a request that failed on NEW is repeated on LEGACY. */
    default boolean fallsBack(GateAnswer.Decided decided) {
        return decided.fallback().filter(when -> when != FallbackWhen.RETIRED).isPresent();
    }

    /** An answer with gates is about to be taken. */
    default void comes(GateTable table, DeltaDiscoveryResponse gates) {}

    /** An answer with gates was refused. */
    default void refused(GateTable table, DeltaDiscoveryResponse gates) {}

    /** A sidecar goes away: the client of this connection is asked to leave. */
    default void leave(ServerConnection connection) {
        connection.drain();
    }

    /** Whether a log that was opened again refuses who had it before. */
    default boolean isFenced() {
        return true;
    }
}
