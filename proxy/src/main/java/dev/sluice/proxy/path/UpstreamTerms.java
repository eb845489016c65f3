package dev.sluice.proxy.path;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.filter.rewrite.HostRewriter;
import dev.sluice.proxy.filter.rewrite.SpokenValues;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.plan.Withdrawal;
import dev.sluice.proxy.route.Route.RouteHeaders;
import dev.sluice.proxy.route.Stickiness;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what an upstream is asked and on which terms: its head, and what limits and repeats an
 * attempt. Loop-owned.
 */
final class UpstreamTerms {
    private static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
    private static final AsciiString ORIGINAL_HOST = AsciiString.cached("x-envoy-original-host");

    private final HttpConnectionManagerSpec http;
    private final GateStep gate;

    UpstreamTerms(HttpConnectionManagerSpec http, GateStep gate) {
        this.http = http;
        this.gate = gate;
    }

    /**
     * @param changes of all levels of the route
     * @param cluster that is asked
     * @param headers a copy of the client's, changed in place
     */
    RequestHead head(
            Matched matched,
            RouteActionSpec.Forward action,
            RouteHeaders changes,
            String cluster,
            HeaderBlock headers) {
        RequestHead came = matched.request().head();
        CharSequence path =
                came.isConnect() ? came.path() : matched.route().path().rewrite(matched.target());
        change(changes.request(), matched, cluster, headers);
        if (!came.isConnect() && !(action.path() instanceof PathRewrite.Keep)) {
            headers.set(ORIGINAL_PATH, matched.target());
        }
        gate.carry(matched.gate(), http.gates(), matched.request(), headers);
        CharSequence authority =
                HostRewriter.authority(action.host(), matched.request(), Optional.empty())
                        .orElse(came.authority());
        if (!AsciiString.contentEquals(authority, came.authority())) {
            headers.set(ORIGINAL_HOST, came.authority());
        }
        return new RequestHead(
                came.method(), came.scheme(), authority, path, headers, came.upgrade());
    }

    /** Command operators see the request as it came, its path and host not rewritten yet. */
    private static void change(
            HeaderMutator changes, Matched matched, String cluster, HeaderBlock headers) {
        changes.apply(
                headers,
                changes.speaks()
                        ? Underway.of(matched, matched.request().head().withHeaders(headers))
                                .toUpstream(cluster)
                        : SpokenValues.NONE);
    }

    Plan.Delivery delivery(Matched matched, RouteActionSpec.Forward action, TimeLimits limits) {
        return new Plan.Delivery(
                limits,
                action.retry().filter(spec -> isRetriable(spec, matched)),
                repeatable(matched.gate()),
                withdrawal(matched.gate()));
    }

    /** Streams of an arm that is taken back end after the drain time of the listener. */
    private Optional<Withdrawal> withdrawal(GateAnswer answer) {
        Duration grace = http.timeouts().drain();
        return answer instanceof GateAnswer.Decided decided && !grace.isZero()
                ? Optional.of(new Withdrawal(grace, () -> gate.isTakenBack(decided)))
                : Optional.empty();
    }

    private static boolean isRetriable(RetrySpec spec, Matched matched) {
        List<HeaderMatcher> any = spec.retriable().requestHeaders();
        return any.isEmpty()
                || any.stream().anyMatch(matcher -> matcher.matches(matched.request()));
    }

    /** Behind a gate the class of the operation bounds what any retry policy may repeat. */
    private static Plan.Repeatable repeatable(GateAnswer gate) {
        return switch (gate) {
            case GateAnswer.Decided decided ->
                    switch (decided.operation().operationClass()) {
                        case READ, IDEMPOTENT_WRITE -> Plan.Repeatable.ALWAYS;
                        case UNSAFE_WRITE, STREAM -> Plan.Repeatable.UNPROCESSED;
                    };
            case GateAnswer.NoGate(),
                    GateAnswer.Served _,
                    GateAnswer.Held _,
                    GateAnswer.Left _,
                    GateAnswer.Unknown _ ->
                    Plan.Repeatable.ALWAYS;
        };
    }

    /** What keeps the client with an endpoint, where the cluster's policy asks for that. */
    static Stickiness stickiness(
            Matched matched, RouteActionSpec.Forward action, @Nullable Cluster cluster) {
        if (cluster == null || !cluster.spec().balancing().policy().isHashed()) {
            return Stickiness.NONE;
        }
        Peer peer = matched.request().peer();
        return Stickiness.of(
                action.hashPolicies(),
                matched.request(),
                NetUtil.toSocketAddressString(peer.remote())
                        + NetUtil.toSocketAddressString(peer.local()));
    }
}
