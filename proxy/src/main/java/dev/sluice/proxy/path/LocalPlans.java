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
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.part.HeaderMutations.Changes;
import java.util.List;

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

    /**
     * What is done to the head of an answer that is given before a gate decides.
     *
     * @param changes of the route, if there is one
     */
    ResponseEdit undecided(HeaderMutator changes, List<Changes> filters) {
        return answering(changes, new GateAnswer.NoGate(), filters);
    }

    Plan redirect(Matched matched) {
        RedirectLocation to = matched.route().redirect().orElseThrow();
        RequestHead head = matched.request().head();
        HeaderBlock headers = new HeaderBlock();
        headers.add("location", to.location(head.scheme(), head.authority(), matched.target()));
        return new Plan.Answer(to.status(), headers, "", configured(matched));
    }

    Plan direct(Matched matched, int status, String body) {
        HeaderBlock headers = new HeaderBlock();
        if (!body.isEmpty()) {
            headers.add("content-type", "text/plain");
        }
        return new Plan.Answer(status, headers, body, configured(matched));
    }

    Plan noCluster(Matched matched, String name) {
        return refusal(
                matched,
                Refusal.NO_CLUSTER,
                "route '%s' leads to cluster '%s', which is not configured"
                        .formatted(matched.route().spec().name(), name));
    }

    Plan refusal(Matched matched, Refusal refusal, String detail) {
        return new Plan.Refuse(refusal, detail, edit(matched, matched.route().headers()));
    }

    ResponseEdit edit(Matched matched, RouteHeaders changes) {
        return answering(changes.response(), matched.gate(), matched.verdict().response());
    }

    private ResponseEdit configured(Matched matched) {
        return edit(matched, matched.route().headers());
    }

    private ResponseEdit answering(
            HeaderMutator changes, GateAnswer answer, List<Changes> filters) {
        return new Answering(
                changes, HeaderMutator.of(filters), answer, http.forwarding().serverName(), date);
    }
}
