package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.Baggage;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.contract.gate.GateFilter.Explain;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.exchange.HeaderBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The step of a request's path that decides its arm: reads what was carried here by somebody
 * trusted, asks the gate, and says what is carried on. Loop-owned.
 */
public final class GateStep {
    private static final GateAnswer NO_GATE = new GateAnswer.NoGate();

    private final GateTable table;
    private final GateDecider decider;

    /**
     * @param table gates in force
     * @param randomBits 64 uniform random bits at each call
     */
    public GateStep(GateTable table, LongSupplier randomBits) {
        this.table = table;
        decider = new GateDecider(randomBits);
    }

    /** Asks the gate that a route names. */
    public GateAnswer decide(
            Optional<RouteGate> route, Optional<GateFilter> listener, ExchangeView request) {
        if (route.isEmpty()) {
            return NO_GATE;
        }
        RouteGate gate = route.get();
        GateFilter filter = listener.orElse(GateFilter.DEFAULT);
        GateName name =
                switch (gate.source()) {
                    case RouteGate.Source.Named(GateName named) -> named;
                    case RouteGate.Source.Inline(var inline) -> inline.name();
                };
        Optional<HeldGate> found = table.find(name);
        if (found.isEmpty()) {
            return new GateAnswer.Unknown(name);
        }
        HeldGate held = found.get();
        Carried carried =
                CarriedTrustRule.trusts(filter, request.peer())
                        ? Baggage.find(baggage(request), held.gate().carriedId())
                        : Carried.NOTHING;
        GateDecision decision = decider.decide(held, gate.operation(), carried, request);
        return new GateAnswer.Decided(
                held.gate(),
                decision,
                gate.operation(),
                FallbackRule.when(held.gate(), decision, gate.operation(), request),
                explains(filter, request));
    }

    /**
     * Puts into the upstream request what is carried on: what somebody trusted carried here, and
     * this decision. Without settings for gates on the listener nothing is touched.
     *
     * @param upstream headers of the upstream request, changed in place
     */
    public void carry(
            GateAnswer answer,
            Optional<GateFilter> listener,
            ExchangeView request,
            HeaderBlock upstream) {
        if (listener.isEmpty() && answer instanceof GateAnswer.NoGate) {
            return;
        }
        GateFilter filter = listener.orElse(GateFilter.DEFAULT);
        List<? extends CharSequence> came = baggage(request);
        List<CarriedDecision> on = new ArrayList<>();
        if (!came.isEmpty() && CarriedTrustRule.trusts(filter, request.peer())) {
            on.addAll(Baggage.read(came));
        }
        if (answer instanceof GateAnswer.Decided decided) {
            CarriedDecision own = CarriedDecision.of(decided.gate(), decided.decision());
            on.removeIf(other -> other.id().equals(own.id()));
            on.add(own);
        }
        if (came.isEmpty() && on.isEmpty()) {
            return;
        }
        upstream.remove(Baggage.HEADER);
        Baggage.write(came, on).lines().forEach(line -> upstream.add(Baggage.HEADER, line));
    }

    private static List<? extends CharSequence> baggage(ExchangeView request) {
        return request.headerValues(Baggage.HEADER);
    }

    private static boolean explains(GateFilter filter, ExchangeView request) {
        Explain explain = filter.explain();
        return explain == Explain.ALWAYS
                || (explain == Explain.ON_REQUEST
                        && request.header("x-sluice-explain")
                                .filter("1"::contentEquals)
                                .isPresent());
    }
}
