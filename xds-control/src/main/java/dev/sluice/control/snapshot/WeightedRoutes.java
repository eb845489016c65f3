package dev.sluice.control.snapshot;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A gate for a proxy that knows no gates: weighted clusters over 1,000,000, the mode {@code to}
 * first so that a growing share only adds keys, chosen by the hash of the key (Envoy {@code
 * use_hash_policy}); one cluster where the same version answers in both modes. Rules become routes
 * ahead of it where Envoy's matchers can say them. A gRPC client reads the same and chooses by
 * chance alone. What is lost is told by {@link Limitations}. Pure.
 */
final class WeightedRoutes {
    private static final int WHOLE = 1_000_000;

    private WeightedRoutes() {}

    /**
     * @param kind of the node
     * @param base the route's own name and match
     * @param action the route's own timeouts and retries
     */
    static List<Route> render(
            Gate gate, NodeSpec.Kind kind, Route.Builder base, RouteAction.Builder action) {
        List<Route> routes = new ArrayList<>();
        for (Rule rule : GateWriter.write(gate).getRulesList()) {
            narrowed(base.getMatch(), rule, kind)
                    .ifPresent(match ->
                            routes.add(
                                    base.clone()
                                            .setName(base.getName() + "/" + rule.getName())
                                            .setMatch(match)
                                            .setRoute(weighted(gate, action, share(gate, rule)))
                                            .build()));
        }
        routes.add(base.setRoute(weighted(gate, action, gate.share())).build());
        return routes;
    }

    /** Whether Envoy's matchers can say a rule. */
    static boolean canSay(Rule rule) {
        RuleMatch match = rule.getMatch();
        return !rule.hasCohort()
                && !match.hasPath()
                && match.getCookiesCount() == 0
                && !match.hasGrpcMethod()
                && match.getClientIdentitiesCount() == 0
                && (!match.hasApiVersion() || match.getApiVersion().hasHeader());
    }

    /** What of a request Envoy can hash for a key; empty where it can't. */
    static Optional<HashPolicy> hashPolicy(KeySource key) {
        HashPolicy.Builder policy = HashPolicy.newBuilder().setTerminal(true);
        return switch (key) {
            case KeySource.Header(String name) ->
                    Optional.of(
                            policy.setHeader(HashPolicy.Header.newBuilder().setHeaderName(name))
                                    .build());
            case KeySource.GrpcMetadata(String name) ->
                    name.endsWith("-bin")
                            ? Optional.empty()
                            : Optional.of(
                                    policy.setHeader(
                                                    HashPolicy.Header.newBuilder()
                                                            .setHeaderName(name))
                                            .build());
            case KeySource.Cookie(String name) ->
                    Optional.of(
                            policy.setCookie(HashPolicy.Cookie.newBuilder().setName(name)).build());
            case KeySource.PeerAddress() ->
                    Optional.of(
                            policy.setConnectionProperties(
                                            HashPolicy.ConnectionProperties.newBuilder()
                                                    .setSourceIp(true))
                                    .build());
            case KeySource.JwtClaim _, KeySource.PathSegment _, KeySource.ClientIdentity _ ->
                    Optional.empty();
        };
    }

    private static PartsPerMillion share(Gate gate, Rule rule) {
        return switch (rule.getOutcomeCase()) {
            case ARM ->
                    new PartsPerMillion(rule.getArm() == dev.sluice.gate.v1.Arm.NEW ? WHOLE : 0);
            case SHARE, OUTCOME_NOT_SET -> gate.share();
        };
    }

    private static RouteAction weighted(
            Gate gate, RouteAction.Builder action, PartsPerMillion share) {
        int to = gate.isKilled() ? 0 : share.value();
        Arm from = gate.from().authoritative();
        if (from == gate.to().authoritative()) {
            return action.clone().setCluster(gate.cluster(from)).build();
        }
        RouteAction.Builder weighted =
                action.clone()
                        .setWeightedClusters(
                                WeightedCluster.newBuilder()
                                        .addClusters(cluster(gate, gate.to().authoritative(), to))
                                        .addClusters(cluster(gate, from, WHOLE - to))
                                        .setUseHashPolicy(BoolValue.of(true)));
        hashPolicy(gate.bucketing().key()).ifPresent(weighted::addHashPolicy);
        return weighted.build();
    }

    private static WeightedCluster.ClusterWeight cluster(Gate gate, Arm arm, int weight) {
        return WeightedCluster.ClusterWeight.newBuilder()
                .setName(gate.cluster(arm))
                .setWeight(UInt32Value.of(weight))
                .build();
    }

    private static Optional<RouteMatch> narrowed(RouteMatch base, Rule rule, NodeSpec.Kind kind) {
        return canSay(rule) ? narrowed(base, rule.getMatch(), kind) : Optional.empty();
    }

    private static Optional<RouteMatch> narrowed(
            RouteMatch base, RuleMatch rule, NodeSpec.Kind kind) {
        RouteMatch.Builder match =
                base.toBuilder()
                        .addAllHeaders(rule.getHeadersList())
                        .addAllQueryParameters(rule.getQueryParametersList());
        if (rule.hasApiVersion()) {
            match.addHeaders(
                    header(rule.getApiVersion().getHeader(), rule.getApiVersion().getValue()));
        }
        return Methods.narrow(match, rule.getMethodsList(), kind).map(RouteMatch.Builder::build);
    }

    private static HeaderMatcher header(String name, StringMatcher value) {
        return HeaderMatcher.newBuilder().setName(name).setStringMatch(value).build();
    }
}
