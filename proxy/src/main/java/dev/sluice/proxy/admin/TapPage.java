package dev.sluice.proxy.admin;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.resource.filter.TapParser;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Source;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.envoyproxy.envoy.admin.v3.TapRequest;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code POST /tap}: what filters of one id record from now on goes to the client that asks, in
 * Envoy's shapes, until it goes away. Owned by the admin loop.
 */
final class TapPage {
    private static final DocumentReader READER = new DocumentReader(Extensions.TYPES);

    private final AdminSubject subject;
    private final EventLoop loop;

    TapPage(AdminSubject subject, EventLoop loop) {
        this.subject = subject;
        this.loop = loop;
    }

    /** Answers at once where there is no tap; else the answer lasts as long as the tap. */
    Optional<AdminAnswer> answer(AdminRequest request, ServerStream client) {
        if (!request.method().equals("POST")) {
            return Optional.of(FaultAnswers.notAllowed(request, "POST"));
        }
        if (request.body().isBlank()) {
            return Optional.of(
                    AdminAnswer.text(
                            400, "no body (expected: a TapRequest, YAML or JSON); send one\n"));
        }
        Spot at = Spot.root();
        Parsed<Document<TapRequest>> read =
                READER.read(request.body(), "tap", TapRequest.getDefaultInstance());
        if (!(read instanceof Parsed.Ok<Document<TapRequest>>(Document<TapRequest> document))) {
            return Optional.of(FaultAnswers.refused(read.problems()));
        }
        TapRequest asked = document.message();
        at.guard(asked);
        checkId(asked.getConfigId(), at.field("config_id"));
        Optional<TapSpec> spec = TapParser.asked(asked.getTapConfig(), at.field("tap_config"));
        if (spec.isEmpty() || at.problems().count() > 0) {
            return Optional.of(FaultAnswers.refused(document.locate(at.problems().all())));
        }
        return attach(asked.getConfigId(), spec.get(), client);
    }

    private Optional<AdminAnswer> attach(String id, TapSpec spec, ServerStream client) {
        TapSession session = new TapSession(spec, loop);
        Optional<Runnable> detach = subject.taps().attach(id, spec, session);
        if (detach.isEmpty()) {
            return Optional.of(
                    AdminAnswer.text(
                            400,
                            "a client taps %s already (expected: none); end that one\n"
                                    .formatted(Problem.quote(id))));
        }
        session.begin(client, detach.get());
        return Optional.empty();
    }

    private void checkId(String id, Spot at) {
        Set<String> known = ids();
        if (!known.contains(id)) {
            at.add(
                    Problem.quote(id),
                    known.isEmpty()
                            ? "the id of a tap filter, of which there is none"
                            : "one of " + String.join(", ", known),
                    "name a filter's admin_config.config_id");
        }
    }

    /** Ids of the filters in force that wait for a client. */
    private Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        subject.snapshot().listeners().stream()
                .flatMap(listener -> listener.allChains())
                .map(chain -> chain.filter())
                .flatMap(filter ->
                        filter instanceof HttpConnectionManagerSpec http
                                ? http.filters().stream()
                                : Stream.empty())
                .forEach(filter -> {
                    if (filter.spec() instanceof HttpFilterSpec.Tap(var tap)
                            && tap.source() instanceof Source.Attached(String id)) {
                        ids.add(id);
                    }
                });
        return ids;
    }
}
