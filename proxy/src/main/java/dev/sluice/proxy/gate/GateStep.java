package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.Baggage;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.CarriedDecision;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate.WriteHold;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.contract.gate.GateFilter.Explain;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.gate.GateAnswer.Write;
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
    private static final Optional<Write> FOLLOWS_NONE = Optional.of(Write.NONE);

    private final GateTable table;
    private final TraceDecisions traces;
    private final GateDecider decider;

    /**
     * @param table gates in force
     * @param traces decisions of the requests under way
     * @param randomBits 64 uniform random bits at each call
     */
    public GateStep(GateTable table, TraceDecisions traces, LongSupplier randomBits) {
        this.table = table;
        this.traces = traces;
        decider = new GateDecider(randomBits);
    }

    /** Asks the gate that a route names. */
    public GateReply decide(
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
        if (gate.served().isPresent()) {
            return served(name, gate.served().get(), gate.operation(), found);
        }
        if (found.isEmpty()) {
            return new GateAnswer.Unknown(name);
        }
        HeldGate held = found.get();
        Carried carried = carried(filter, request, held.gate().carriedId());
        GateDecision decision = decider.decide(held, gate.operation(), carried, request);
        Optional<WriteHold> hold = held.holding(decision);
        if (hold.isPresent()) {
            return new WriteWait(table, name, hold.get(), () -> decide(route, listener, request));
        }
        Optional<Write> write = write(held, decision);
        if (write.isEmpty()) {
            return decide(route, listener, request);
        }
        return new GateAnswer.Decided(
                held.gate(),
                decision,
                gate.operation(),
                FallbackRule.when(held.gate(), decision, gate.operation(), request),
                explains(filter, request),
                write.get());
    }

    /** What is under way from now on; empty when the gate became another since it decided. */
    private Optional<Write> write(HeldGate held, GateDecision decision) {
        return decision.reason() == Reason.WRITE_AUTHORITY
                ? table.send(held, decision).map(end -> new Write(end, 0))
                : FOLLOWS_NONE;
    }

    /** LEGACY must not act any more once its data is stale. */
    private static GateAnswer served(
            GateName name, Arm arm, Operation operation, Optional<HeldGate> found) {
        boolean retired =
                arm == Arm.LEGACY
                        && found.filter(held -> held.gate().takeBack() == TakeBack.FORBIDDEN)
                                .isPresent();
        return new GateAnswer.Served(name, arm, operation, retired);
    }

    /** Keeps what must be known of a request until it is over. */
    public TraceDecisions.Hold hold(
            GateAnswer answer, Optional<GateFilter> listener, ExchangeView request) {
        TraceDecisions.Hold trace = trace(answer, listener, request);
        if (!(answer instanceof GateAnswer.Decided decided) || decided.write().equals(Write.NONE)) {
            return trace;
        }
        return () -> {
            trace.release();
            decided.write().end().release();
        };
    }

    /**
     * Keeps what was decided for an inbound request until it is over, for the calls that the
     * application makes on its behalf. The application's own calls hold nothing: a batch may make
     * many of them in one trace, each with a key of its own.
     */
    private TraceDecisions.Hold trace(
            GateAnswer answer, Optional<GateFilter> listener, ExchangeView request) {
        GateFilter filter = listener.orElse(GateFilter.DEFAULT);
        if (isUntouched(answer, listener) || isOfApplication(filter)) {
            return TraceDecisions.nothing();
        }
        return TraceId.of(request)
                .map(trace -> traces.hold(trace, carriedOn(answer, filter, request)))
                .orElseGet(TraceDecisions::nothing);
    }

    /**
     * Whether the arm that was decided was taken back meanwhile: the gate was killed, or the write
     * is one of NEW's that a hold waits for on their way back.
     */
    public boolean isTakenBack(GateAnswer.Decided decided) {
        return table.find(decided.gate().name())
                .filter(held -> held.gate().from().authoritative() != decided.decision().arm())
                .filter(held -> held.isKilled() || held.holding(decided.decision()).isPresent())
                .isPresent();
    }

    /** The other arm answered: the calls that follow in this trace go there too. */
    public void fellBack(GateAnswer.Decided decided, ExchangeView request) {
        if (!traces.isEmpty()) {
            TraceId.of(request)
                    .ifPresent(trace -> traces.fellBack(trace, decided.fallbackCarried()));
        }
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
        if (isUntouched(answer, listener)) {
            return;
        }
        write(carriedOn(answer, listener.orElse(GateFilter.DEFAULT), request), request, upstream);
    }

    /**
     * Puts into the upstream request of a fallback what is carried on then.
     *
     * @param upstream headers that were given to {@link #carry}, changed in place
     */
    public void carryFallback(
            GateAnswer.Decided decided,
            Optional<GateFilter> listener,
            ExchangeView request,
            HeaderBlock upstream) {
        List<CarriedDecision> on = carriedOn(decided, listener.orElse(GateFilter.DEFAULT), request);
        CarriedDecision fallback = decided.fallbackCarried();
        on.removeIf(other -> other.id().equals(fallback.id()));
        on.add(fallback);
        write(on, request, upstream);
    }

    private static boolean isUntouched(GateAnswer answer, Optional<GateFilter> listener) {
        return listener.isEmpty() && !(answer instanceof GateAnswer.Decided);
    }

    private static boolean isOfApplication(GateFilter filter) {
        return filter.carriedTrust() == GateFilter.CarriedTrust.LOCAL_APPLICATION;
    }

    private Carried carried(GateFilter filter, ExchangeView request, String id) {
        if (!CarriedTrustRule.trusts(filter, request.peer())) {
            return Carried.NOTHING;
        }
        Carried brought = Baggage.find(baggage(request), id);
        if (!isOfApplication(filter) || traces.isEmpty()) {
            return brought;
        }
        return TraceId.of(request).map(trace -> traces.join(trace, id, brought)).orElse(brought);
    }

    /** All decisions that go on with a request, this one in the place of an earlier one. */
    private List<CarriedDecision> carriedOn(
            GateAnswer answer, GateFilter filter, ExchangeView request) {
        List<CarriedDecision> on = new ArrayList<>();
        if (CarriedTrustRule.trusts(filter, request.peer())) {
            on.addAll(Baggage.read(baggage(request)));
            if (isOfApplication(filter) && !traces.isEmpty()) {
                Optional<TraceId> trace = TraceId.of(request);
                on = trace.isPresent() ? traces.join(trace.get(), on) : on;
            }
        }
        if (answer instanceof GateAnswer.Decided decided) {
            CarriedDecision own = CarriedDecision.of(decided.gate(), decided.decision());
            on.removeIf(other -> other.id().equals(own.id()));
            on.add(own);
        }
        return on;
    }

    private static void write(
            List<CarriedDecision> on, ExchangeView request, HeaderBlock upstream) {
        List<? extends CharSequence> came = baggage(request);
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
