package dev.sluice.proxy.path;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.fault.SlowAnswer;
import dev.sluice.proxy.filter.Injection;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ServedCall;
import dev.sluice.proxy.outcome.Arrival;
import dev.sluice.proxy.outcome.AttemptSpans;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.plan.AnsweredBy;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One exchange from the request's head to its record. Loop-owned.
 *
 * @param listener where it came in
 * @param client the codec's side
 * @param logged the same, where access logs look at it
 * @param trace where its listener traces
 * @param startEpochMillis when the head was complete, wall clock
 * @param startNanos the same, by the loop's ticker
 * @param readyNanos when filters had let it go on, which is the same where none waited
 */
record Exchange(
        String listener,
        ServerStream client,
        Optional<LoggedStream> logged,
        Optional<RequestTrace> trace,
        long startEpochMillis,
        long startNanos,
        long readyNanos) {
    private static final AsciiString CALLING_SERVICE =
            AsciiString.cached("x-envoy-downstream-service-cluster");

    /** The same, let go on later. */
    Exchange readyAt(long nanos) {
        return new Exchange(listener, client, logged, trace, startEpochMillis, startNanos, nanos);
    }

    /** It as the dispatcher gets it. */
    Arrival arrival(Injection injection, EventLoop loop) {
        long rate = injection.bytesPerSecond();
        ServerStream to = injection.around().apply(answerTo());
        return new Arrival(
                rate == 0 ? to : new SlowAnswer(to, rate, loop),
                startNanos,
                readyNanos,
                injection.faults(),
                trace.map(RequestTrace::attempts).orElse(AttemptSpans.NONE));
    }

    /** What is remembered of it. */
    ExchangeRecord record(Decided decided, Outcome outcome) {
        RequestHead request = client.request();
        return new ExchangeRecord(
                startEpochMillis,
                listener,
                client.peer().protocol().word(),
                request.method().toString(),
                request.authority().toString(),
                request.path().toString(),
                outcome.status(),
                outcome.grpcStatus(),
                outcome.flags(),
                outcome.details(),
                outcome.bytesReceived(),
                outcome.bytesSent(),
                outcome.times(),
                decided.route(),
                outcome.upstream(),
                gate(decided.gate(), outcome),
                decided.requestId(),
                decided.filterEvents(),
                outcome.faults(),
                client.peer().remote(),
                text(request.headers().first(HeaderNames.USER_AGENT)),
                trace.map(own -> own.facts(request)),
                logged.isPresent() ? logged.get().facts(decided) : LogFacts.NONE,
                served(decided.gate(), outcome));
    }

    /** A copy of a mirrored request is no caller's. */
    private Optional<ServedCall> served(GateAnswer answer, Outcome outcome) {
        return answer instanceof GateAnswer.Served call && outcome.fault() != FaultMark.EXCLUDED
                ? Optional.of(
                        new ServedCall(
                                call.gate(),
                                call.arm(),
                                call.operation().name(),
                                client.peer().identity().orElse(""),
                                text(client.request().headers().first(CALLING_SERVICE)),
                                call.retired()))
                : Optional.empty();
    }

    private ServerStream answerTo() {
        return logged.isPresent() ? logged.get() : client;
    }

    /** The request's head as the steps see it: with the span that is its own. */
    RequestHead head() {
        return trace.isPresent() ? trace.get().mark(client.request()) : client.request();
    }

    private static Optional<ExchangeRecord.GateOutcome> gate(GateAnswer answer, Outcome outcome) {
        return switch (answer) {
            case GateAnswer.Decided decided ->
                    Optional.of(
                            new ExchangeRecord.GateOutcome(
                                    decided.decision(),
                                    decided.operation().name(),
                                    decided.operation().operationClass(),
                                    keyHash(decided.decision()),
                                    outcome.result(),
                                    fellBack(decided, outcome),
                                    outcome.fault(),
                                    decided.write().heldNanos()));
            case GateAnswer.NoGate(),
                    GateAnswer.Served _,
                    GateAnswer.Held _,
                    GateAnswer.Left _,
                    GateAnswer.Unknown _ ->
                    Optional.empty();
        };
    }

    /** NEW in the place of a retired LEGACY is no fallback that says something about NEW. */
    private static boolean fellBack(GateAnswer.Decided decided, Outcome outcome) {
        return outcome.answeredBy() == AnsweredBy.FALLBACK && decided.decision().arm() == Arm.NEW;
    }

    static long keyHash(GateDecision decision) {
        return switch (decision.key()) {
            case GateDecision.Key.Used(long hash) -> hash;
            case GateDecision.Key.Issued(long hash, String cookie) -> hash;
            case GateDecision.Key.NotRead(),
                    GateDecision.Key.Missing(),
                    GateDecision.Key.TooLong() ->
                    0;
        };
    }

    static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }
}
