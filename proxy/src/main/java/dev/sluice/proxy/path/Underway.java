package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.PeerCertificate;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.filter.rewrite.SpokenValues;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.Progress;
import dev.sluice.proxy.observe.Standing;
import dev.sluice.proxy.operator.HeaderText;
import dev.sluice.proxy.operator.NamedFields;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An exchange under way, as command operators in header values speak of it. It exists only where a
 * route has such values. Loop-owned.
 *
 * @param route name of the route; empty without
 * @param gate what the gate said
 * @param requestId of {@code x-request-id}; empty without
 * @param request as it goes out, or as it came where it goes nowhere
 */
record Underway(
        Exchange exchange, String route, GateAnswer gate, String requestId, RequestHead request) {
    private static final String STATUS = ":status";

    static Underway of(Matched matched, RequestHead request) {
        return new Underway(
                matched.exchange(),
                matched.route().spec().name(),
                matched.gate(),
                Exchange.text(request.headers().first(ClientFacts.REQUEST_ID)),
                request);
    }

    /** Values in the request to an upstream of this cluster. */
    SpokenValues toUpstream(String cluster) {
        return (value, headers) ->
                HeaderText.of(
                        value.parts(),
                        known(
                                0,
                                Standing.before(cluster),
                                named(value.needs(), request.withHeaders(headers)),
                                Map.of()));
    }

    /** Values in the answer to the client. */
    SpokenValues toClient(int status, Progress progress) {
        return (value, headers) ->
                HeaderText.of(
                        value.parts(),
                        known(
                                status,
                                progress.standing(),
                                named(value.needs(), request),
                                answered(value, status, headers)));
    }

    private Map<String, List<String>> named(LogNeeds needs, RequestHead head) {
        ExchangeView view = new ExchangeView(head, head.path(), exchange.client().peer());
        return NamedFields.of(
                needs.request(), name -> octets(LoggedStream.request(view, name, requestId)));
    }

    private static Map<String, List<String>> answered(
            HeaderValue.Spoken value, int status, HeaderBlock headers) {
        return NamedFields.of(
                value.needs().response(),
                name ->
                        name.equals(STATUS)
                                ? List.of(Integer.toString(status))
                                : octets(NamedFields.in(headers, name)));
    }

    private static List<String> octets(List<? extends CharSequence> values) {
        return values.stream().map(CharSequence::toString).toList();
    }

    private ExchangeRecord known(
            int status,
            Standing standing,
            Map<String, List<String>> asked,
            Map<String, List<String>> answered) {
        RequestHead came = exchange.client().request();
        Peer peer = exchange.client().peer();
        return new ExchangeRecord(
                exchange.startEpochMillis(),
                exchange.listener(),
                peer.protocol().word(),
                came.method().toString(),
                came.authority().toString(),
                came.path().toString(),
                status,
                standing.grpcStatus(),
                standing.flags(),
                standing.details(),
                standing.bytesReceived(),
                standing.bytesSent(),
                standing.times(),
                route,
                standing.upstream(),
                outcome(),
                requestId,
                List.of(),
                standing.faults(),
                peer.remote(),
                Exchange.text(came.headers().first(HeaderNames.USER_AGENT)),
                exchange.trace().map(trace -> trace.facts(came)),
                new LogFacts(
                        List.of(),
                        peer.ends(),
                        peer.serverName().orElse(""),
                        peer.certificate().map(PeerCertificate::logged),
                        asked,
                        answered,
                        Map.of()),
                Optional.empty());
    }

    /** Its end is not known; header values that would speak of it are refused. */
    private Optional<ExchangeRecord.GateOutcome> outcome() {
        return gate instanceof GateAnswer.Decided decided
                ? Optional.of(
                        new ExchangeRecord.GateOutcome(
                                decided.decision(),
                                decided.operation().name(),
                                decided.operation().operationClass(),
                                Exchange.keyHash(decided.decision()),
                                Result.CANCELLED,
                                /* fellBack= */ false,
                                FaultMark.NONE,
                                decided.write().heldNanos()))
                : Optional.empty();
    }
}
