package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.filter.rewrite.SpokenValues;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateResponse;
import dev.sluice.proxy.observe.Progress;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.ResponseEdit;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import io.netty.util.AsciiString;
import java.util.Optional;

/**
 * The way of an answer's head back to the client: the route's header changes, what the gate leaves
 * on it, then what every answer of this listener has. As Envoy, {@code server} replaces the
 * upstream's where the listener has a name for itself, and {@code date} is added when it is
 * missing. Loop-owned.
 *
 * @param changes of the route, made to the proxy's own answers too, as in Envoy
 * @param underway what {@code changes} speak of; absent when they have no command operators
 * @param filters changes that filters ask for
 * @param gate what the gate step said
 * @param numbering whether the client is told how many attempts were made
 * @param serverName of the listener; empty: none
 * @param date of the loop
 */
record Answering(
        HeaderMutator changes,
        Optional<Underway> underway,
        HeaderMutator filters,
        GateAnswer gate,
        Numbering numbering,
        String serverName,
        HttpDate date)
        implements ResponseEdit {
    private static final AsciiString DATE = AsciiString.cached("date");
    private static final AsciiString SERVER = AsciiString.cached("server");

    @Override
    public ResponseHead apply(ResponseHead head, AnsweredBy by, Progress progress) {
        changes.apply(
                head.headers(),
                underway.isPresent()
                        ? underway.get().toClient(head.status(), progress)
                        : SpokenValues.NONE);
        filters.apply(head.headers());
        if (numbering == Numbering.TOLD && progress.attempts() > 0) {
            head.headers()
                    .set(HeaderNames.X_ENVOY_ATTEMPT_COUNT, Integer.toString(progress.attempts()));
        }
        if (gate instanceof GateAnswer.Decided decided) {
            GateResponse.mark(decided, by, head.headers());
        }
        if (!serverName.isEmpty()) {
            head.headers().set(SERVER, serverName);
        }
        if (!head.headers().contains(DATE)) {
            head.headers().add(DATE, date.now());
        }
        return head;
    }
}
