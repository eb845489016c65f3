package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.filter.rewrite.RedirectLocation;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.ResponseEdit;
import dev.sluice.proxy.route.Route.RouteHeaders;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import java.util.List;
import java.util.Optional;

/**
 * Makes the plans of answers that are given here, and what is done to the heads of all answers.
 * Loop-owned.
 */
final class LocalPlans {
    private final HttpConnectionManagerSpec http;
    private final HttpDate date;

    LocalPlans(HttpConnectionManagerSpec http, HttpDate date) {
        this.http = http;
        this.date = date;
    }

    /** What is done to the head of an answer that is given before a route is sought. */
    ResponseEdit unseen() {
        return undecided(HeaderMutator.NONE, Optional.empty(), List.of());
    }

    /**
     * What is done to the head of an answer that is given before a gate decides.
     *
     * @param changes of the route, if there is one
     * @param underway what they speak of
     */
    ResponseEdit undecided(
            HeaderMutator changes, Optional<Underway> underway, List<Changes> filters) {
        return answering(changes, underway, new GateAnswer.NoGate(), Numbering.NONE, filters);
    }

    Plan redirect(Matched matched, HeaderBlock request) {
        RedirectLocation to = matched.route().redirect().orElseThrow();
        RequestHead head = matched.request().head();
        HeaderBlock headers = new HeaderBlock();
        headers.add("location", to.location(head.scheme(), head.authority(), matched.target()));
        return new Plan.Answer(to.status(), headers, "", configured(matched, request));
    }

    Plan direct(Matched matched, HeaderBlock request, int status, String body) {
        HeaderBlock headers = new HeaderBlock();
        if (!body.isEmpty()) {
            headers.add("content-type", "text/plain");
        }
        return new Plan.Answer(status, headers, body, configured(matched, request));
    }

    Plan unknownCluster(Matched matched, HeaderBlock request, int status, String name) {
        return noCluster(
                matched,
                request,
                status,
                "route '%s' leads to cluster '%s', which is not configured"
                        .formatted(matched.route().spec().name(), name));
    }

    Plan noCluster(Matched matched, HeaderBlock request, int status, String detail) {
        return new Plan.Refuse(Refusal.NO_CLUSTER, status, detail, configured(matched, request));
    }

    Plan refusal(Matched matched, HeaderBlock request, Refusal refusal, String detail) {
        return new Plan.Refuse(refusal, detail, configured(matched, request));
    }

    /**
     * What is done to the head of an answer.
     *
     * @param request as it goes out
     */
    ResponseEdit edit(Matched matched, RouteHeaders changes, RequestHead request) {
        HeaderMutator response = changes.response();
        return answering(
                response,
                response.speaks() ? Optional.of(Underway.of(matched, request)) : Optional.empty(),
                matched.gate(),
                matched.route().virtualHost().numbering(),
                matched.verdict().response());
    }

    /**
     * @param request fields that an upstream would have got
     */
    private ResponseEdit configured(Matched matched, HeaderBlock request) {
        return edit(
                matched, matched.route().headers(), matched.request().head().withHeaders(request));
    }

    private ResponseEdit answering(
            HeaderMutator changes,
            Optional<Underway> underway,
            GateAnswer answer,
            Numbering numbering,
            List<Changes> filters) {
        return new Answering(
                changes,
                underway,
                HeaderMutator.of(filters),
                answer,
                numbering,
                http.forwarding().serverName(),
                date);
    }
}
