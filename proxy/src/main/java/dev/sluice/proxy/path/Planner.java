package dev.sluice.proxy.path;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.filter.FilterVerdict;
import dev.sluice.proxy.filter.FilterVerdict.End;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.ResponseEdit;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.route.ClusterPicker.Picked;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.route.Route.RouteHeaders;
import dev.sluice.proxy.route.Stickiness;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes a plan out of what route and gate said: cluster, upstream head, limits. Loop-owned. */
final class Planner {
    private static final GateAnswer NO_GATE = new GateAnswer.NoGate();

    private final Loop loop;
    private final HttpConnectionManagerSpec http;
    private final GateStep gate;
    private final FaultPoint faults;
    private final LocalPlans local;
    private final UpstreamTerms terms;
    private final ClientFacts facts;
    private final TimeAllowance times;
    private final Mirroring mirroring;

    Planner(
            Loop loop,
            HttpConnectionManagerSpec http,
            GateStep gate,
            FaultPoint faults,
            Mirroring mirroring,
            HttpDate date) {
        this.loop = loop;
        this.http = http;
        this.gate = gate;
        this.faults = faults;
        local = new LocalPlans(http, date);
        terms = new UpstreamTerms(http, gate);
        facts = new ClientFacts(http.forwarding());
        times = new TimeAllowance(http.timeouts());
        this.mirroring = mirroring;
    }

    /** The plan for a request whose path can't be read. */
    Decided refuseBadPath(ServerStream client) {
        return refuseUnseen(
                client, Refusal.BAD_PATH, "path '%s'".formatted(client.request().path()));
    }

    /** The plan for a request that is shed. */
    Decided refuseOverloaded(ServerStream client) {
        return refuseUnseen(client, Refusal.OVERLOADED, "the proxy sheds new requests");
    }

    private Decided refuseUnseen(ServerStream client, Refusal refusal, String detail) {
        Plan plan = new Plan.Refuse(refusal, detail, local.unseen());
        String id = requestId(client.peer(), client.request());
        return new Decided("", NO_GATE, id, List.of(), TraceDecisions.nothing(), plan);
    }

    /** The plan for a request that no route serves. */
    Decided refuseNoRoute(Exchange exchange, FilterVerdict verdict) {
        ExchangeView request = verdict.request();
        String detail =
                "%s %s on host '%s' matches no route"
                        .formatted(request.method(), request.path(), request.head().authority());
        return undecided(
                exchange,
                verdict,
                Optional.empty(),
                edit -> new Plan.Refuse(Refusal.NO_ROUTE, detail, edit));
    }

    /** The plan for a request that a filter refused. */
    Decided refuse(
            Exchange exchange, FilterVerdict verdict, Optional<Route> route, End.Refused end) {
        return undecided(
                exchange,
                verdict,
                route,
                edit -> new Plan.Refuse(end.refusal(), end.status(), end.detail(), edit));
    }

    /** The plan for a request that a filter answered. */
    Decided answer(
            Exchange exchange, FilterVerdict verdict, Optional<Route> route, End.Answered end) {
        return undecided(
                exchange,
                verdict,
                route,
                edit ->
                        new Plan.Answer(
                                end.status(), end.headers(), end.body(), end.details(), edit));
    }

    /** The plan for a request whose client left while a filter kept it waiting. */
    Decided abandon(Exchange exchange, FilterVerdict verdict, Optional<Route> route, End.Left end) {
        return undecided(exchange, verdict, route, edit -> new Plan.Abandon(end.why()));
    }

    private Decided undecided(
            Exchange exchange,
            FilterVerdict verdict,
            Optional<Route> route,
            Function<ResponseEdit, Plan> plan) {
        HeaderMutator changes =
                route.map(matched -> matched.headers().response()).orElse(HeaderMutator.NONE);
        String name = route.map(matched -> matched.spec().name()).orElse("");
        RequestHead head = verdict.request().head();
        String id = requestId(verdict.request().peer(), head);
        Optional<Underway> underway =
                changes.speaks()
                        ? Optional.of(new Underway(exchange, name, NO_GATE, id, head))
                        : Optional.empty();
        ResponseEdit edit = local.undecided(changes, underway, verdict.response());
        TraceDecisions.Hold hold = TraceDecisions.nothing();
        return new Decided(name, NO_GATE, id, verdict.events(), hold, plan.apply(edit));
    }

    private String requestId(Peer peer, RequestHead head) {
        return facts.requestId(peer, head.headers(), loop.random());
    }

    Decided plan(Matched matched, Map<String, Cluster> clusters) {
        HeaderBlock headers = matched.request().head().headers().copy();
        facts.tell(matched.request().peer(), headers, loop.random());
        mirroring.untag(matched.request(), headers, http.gates());
        String id = Exchange.text(headers.first(ClientFacts.REQUEST_ID));
        Plan plan =
                switch (matched.route().spec().action()) {
                    case RouteActionSpec.Forward action ->
                            forward(matched, action, headers, clusters);
                    case RouteActionSpec.Redirect redirect -> local.redirect(matched, headers);
                    case RouteActionSpec.DirectResponse(int status, String body) ->
                            local.direct(matched, headers, status, body);
                };
        return new Decided(
                matched.route().spec().name(),
                matched.gate(),
                id,
                matched.verdict().events(),
                gate.hold(matched.gate(), http.gates(), matched.request()),
                plan);
    }

    private Plan forward(
            Matched matched,
            RouteActionSpec.Forward action,
            HeaderBlock headers,
            Map<String, Cluster> clusters) {
        return switch (matched.gate()) {
            case GateAnswer.NoGate() -> picked(matched, action, headers, clusters);
            case GateAnswer.Served served ->
                    served.retired()
                            ? local.refusal(
                                    matched, headers, Refusal.LEGACY_RETIRED, served.retirement())
                            : picked(matched, action, headers, clusters);
            case GateAnswer.Unknown(var name) ->
                    local.refusal(
                            matched,
                            headers,
                            Refusal.GATE_NOT_READY,
                            "route '%s' names %s, which is not in force here"
                                    .formatted(matched.route().spec().name(), name));
            case GateAnswer.Held held ->
                    local.refusal(matched, headers, Refusal.WRITE_HELD, held.detail());
            case GateAnswer.Left left -> new Plan.Abandon(left.why());
            case GateAnswer.Decided decided -> gated(matched, decided, headers, clusters);
        };
    }

    private Plan picked(
            Matched matched,
            RouteActionSpec.Forward action,
            HeaderBlock headers,
            Map<String, Cluster> clusters) {
        Optional<Picked> picked =
                matched.route()
                        .clusters()
                        .flatMap(picker ->
                                picker.pick(
                                        matched.request(), matched.runtime(), matched.random()));
        if (picked.isEmpty()) {
            return local.noCluster(
                    matched,
                    headers,
                    action.clusterMissing(),
                    "the request has no header that names its cluster");
        }
        TimeLimits limits = times.allow(action, headers);
        RouteHeaders changes = picked.get().headers();
        String cluster = picked.get().cluster();
        RequestHead head = terms.head(matched, action, changes, cluster, headers);
        Stickiness sticky = UpstreamTerms.stickiness(matched, action, clusters.get(cluster));
        return target(cluster, UpstreamCall.of(matched, head, action, sticky), clusters)
                .<Plan>map(target ->
                        new Plan.Forward(
                                target,
                                terms.delivery(matched, action, limits),
                                Optional.empty(),
                                mirroring.of(matched, action, head, limits, clusters),
                                IssuingCookies.before(
                                        local.edit(matched, changes, head), sticky.setCookies())))
                .orElseGet(() ->
                        local.unknownCluster(matched, headers, action.clusterMissing(), cluster));
    }

    private Plan gated(
            Matched matched,
            GateAnswer.Decided decided,
            HeaderBlock headers,
            Map<String, Cluster> clusters) {
        RouteActionSpec.Forward action = (RouteActionSpec.Forward) matched.route().spec().action();
        TimeLimits limits = times.allow(action, headers);
        String cluster = decided.cluster();
        RequestHead head = terms.head(matched, action, matched.route().headers(), cluster, headers);
        Stickiness sticky = UpstreamTerms.stickiness(matched, action, clusters.get(cluster));
        UpstreamCall call = UpstreamCall.of(matched, head, action, sticky);
        Optional<Plan.Fallback> fallback =
                decided.fallback()
                        .filter(when -> clusters.containsKey(decided.fallbackCluster()))
                        .map(when ->
                                new Plan.Fallback(
                                        () -> fallback(matched, decided, call, clusters), when));
        return target(cluster, call, clusters)
                .map(target -> faults.before(decided.decision().arm(), decided, matched, target))
                .<Plan>map(target ->
                        new Plan.Forward(
                                target,
                                terms.delivery(matched, action, limits),
                                fallback,
                                mirroring.of(matched, action, head, limits, clusters),
                                IssuingCookies.before(
                                        answering(matched, decided, head), sticky.setCookies())))
                .orElseGet(() ->
                        local.unknownCluster(matched, headers, action.clusterMissing(), cluster));
    }

    private ResponseEdit answering(
            Matched matched, GateAnswer.Decided decided, RequestHead request) {
        ResponseEdit edit = local.edit(matched, matched.route().headers(), request);
        if (decided.fallback().isEmpty()) {
            return edit;
        }
        return (head, by, progress) -> {
            if (by == AnsweredBy.FALLBACK) {
                gate.fellBack(decided, matched.request());
            }
            return edit.apply(head, by, progress);
        };
    }

    /** The other arm's, which is told that it answers in this one's place. */
    private Plan.Target fallback(
            Matched matched,
            GateAnswer.Decided decided,
            UpstreamCall call,
            Map<String, Cluster> clusters) {
        HeaderBlock headers = call.head().headers().copy();
        gate.carryFallback(decided, http.gates(), matched.request(), headers);
        return target(decided.fallbackCluster(), call.withHeaders(headers), clusters)
                .map(target ->
                        faults.before(decided.decision().arm().other(), decided, matched, target))
                .orElseThrow();
    }

    private Optional<Plan.Target> target(
            String name, UpstreamCall call, Map<String, Cluster> clusters) {
        return Optional.ofNullable(clusters.get(name)).map(cluster -> call.target(cluster, loop));
    }
}
