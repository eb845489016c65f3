package dev.sluice.proxy.resource.route;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.IssuedCookie;
import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.Slow;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.HostRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads actions that send a request to a cluster; empty after a problem. Stateless. */
final class ForwardParser {
    private ForwardParser() {}

    /**
     * @param inherited the virtual host's
     */
    static Optional<RouteActionSpec> parse(RouteAction proto, Inherited inherited, Spot at) {
        int before = at.problems().count();
        List<HashPolicySpec> hashes = hashPolicies(proto, at.field("hash_policy"));
        Map<String, Boolean> upgrades =
                UpgradeParser.ofRoute(proto.getUpgradeConfigsList(), at.field("upgrade_configs"));
        Optional<ClusterChoice> cluster = cluster(proto, at);
        Optional<PathRewrite> path =
                RewriteParser.path(
                        proto.getPrefixRewrite(),
                        proto.hasRegexRewrite(),
                        proto.getRegexRewrite(),
                        at);
        Optional<HostRewrite> host = host(proto, at);
        RouteTimeoutSpec timeouts = RouteTimeoutParser.parse(proto, at);
        Optional<RetrySpec> retry =
                proto.hasRetryPolicy()
                        ? RetryParser.parse(proto.getRetryPolicy(), at.field("retry_policy"))
                        : inherited.retry();
        Slow slow =
                proto.hasHedgePolicy()
                        ? RetryParser.slow(proto.getHedgePolicy())
                        : inherited.slow();
        List<MirrorSpec> mirrors =
                MirrorParser.parse(
                        proto.getRequestMirrorPoliciesList(),
                        inherited.mirrors(),
                        at.field("request_mirror_policies"));
        int clusterMissing = clusterMissing(proto, at);
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new RouteActionSpec.Forward(
                                cluster.orElseThrow(),
                                timeouts,
                                slow == Slow.HEDGED ? retry.map(RetrySpec::hedging) : retry,
                                path.orElseThrow(),
                                host.orElseThrow(),
                                hashes,
                                upgrades,
                                UpgradeParser.connect(proto.getUpgradeConfigsList()),
                                mirrors,
                                inherited.numbering(),
                                clusterMissing));
    }

    private static int clusterMissing(RouteAction proto, Spot at) {
        return switch (proto.getClusterNotFoundResponseCode()) {
            case SERVICE_UNAVAILABLE -> 503;
            case NOT_FOUND -> 404;
            case INTERNAL_SERVER_ERROR -> 500;
            case UNRECOGNIZED -> {
                at.field("cluster_not_found_response_code")
                        .add(
                                "unknown number " + proto.getClusterNotFoundResponseCodeValue(),
                                "SERVICE_UNAVAILABLE, NOT_FOUND or INTERNAL_SERVER_ERROR",
                                "choose one");
                yield 503;
            }
        };
    }

    private static Optional<ClusterChoice> cluster(RouteAction proto, Spot at) {
        return switch (proto.getClusterSpecifierCase()) {
            case CLUSTER ->
                    Optional.of(
                            new ClusterChoice.Single(
                                    Values.text(proto.getCluster(), at.field("cluster"))));
            case CLUSTER_HEADER ->
                    MatcherParser.headerName(
                                    proto.getClusterHeader(), at.field("cluster_header").problems())
                            .map(ClusterChoice.ByHeader::new);
            case WEIGHTED_CLUSTERS ->
                    WeightedClusterParser.parse(
                            proto.getWeightedClusters(),
                            proto.getHashPolicyCount(),
                            at.field("weighted_clusters"));
            case CLUSTER_SPECIFIER_PLUGIN, INLINE_CLUSTER_SPECIFIER_PLUGIN ->
                    Optional.empty(); // refused fields, already said
            case CLUSTERSPECIFIER_NOT_SET -> {
                at.add(
                        "a route to nowhere",
                        "cluster, weighted_clusters or cluster_header",
                        "name a cluster");
                yield Optional.empty();
            }
        };
    }

    private static Optional<HostRewrite> host(RouteAction proto, Spot at) {
        return switch (proto.getHostRewriteSpecifierCase()) {
            case HOST_REWRITE_LITERAL ->
                    Values.headerValue(
                                    proto.getHostRewriteLiteral(), at.field("host_rewrite_literal"))
                            .map(HostRewrite.Literal::new);
            case HOST_REWRITE_HEADER ->
                    MatcherParser.headerName(
                                    proto.getHostRewriteHeader(),
                                    at.field("host_rewrite_header").problems())
                            .map(HostRewrite.FromHeader::new);
            case AUTO_HOST_REWRITE ->
                    Optional.of(
                            proto.getAutoHostRewrite().getValue()
                                    ? new HostRewrite.Auto()
                                    : new HostRewrite.Keep());
            case HOST_REWRITE_PATH_REGEX -> Optional.empty(); // a refused field, already said
            case HOSTREWRITESPECIFIER_NOT_SET -> Optional.of(new HostRewrite.Keep());
        };
    }

    private static List<HashPolicySpec> hashPolicies(RouteAction proto, Spot at) {
        List<HashPolicySpec> policies = new ArrayList<>();
        for (int i = 0; i < proto.getHashPolicyCount(); i++) {
            RouteAction.HashPolicy policy = proto.getHashPolicy(i);
            hashSource(policy, at.index(i))
                    .ifPresent(source ->
                            policies.add(new HashPolicySpec(source, policy.getTerminal())));
        }
        return policies;
    }

    private static HashPolicySpec.Source cookie(RouteAction.HashPolicy.Cookie proto, Spot at) {
        String name = Values.text(proto.getName(), at.field("name"));
        if (!proto.hasTtl()) {
            return new HashPolicySpec.Source.Cookie(name, Optional.empty());
        }
        List<IssuedCookie.Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < proto.getAttributesCount(); i++) {
            var attribute = proto.getAttributes(i);
            Spot spot = at.field("attributes").index(i);
            attributes.add(
                    new IssuedCookie.Attribute(
                            Values.cookieText(attribute.getName(), spot.field("name")),
                            Values.cookieText(attribute.getValue(), spot.field("value"))));
        }
        return new HashPolicySpec.Source.Cookie(
                Values.cookieText(name, at.field("name")),
                Optional.of(
                        new IssuedCookie(
                                Values.duration(proto.getTtl(), at.field("ttl")),
                                Values.cookieText(proto.getPath(), at.field("path")),
                                attributes)));
    }

    private static Optional<HashPolicySpec.Source> hashSource(
            RouteAction.HashPolicy proto, Spot at) {
        return switch (proto.getPolicySpecifierCase()) {
            case HEADER ->
                    MatcherParser.headerName(
                                    proto.getHeader().getHeaderName(),
                                    at.field("header").field("header_name").problems())
                            .map(HashPolicySpec.Source.Header::new);
            case COOKIE -> Optional.of(cookie(proto.getCookie(), at.field("cookie")));
            case QUERY_PARAMETER ->
                    Optional.of(
                            new HashPolicySpec.Source.QueryParameter(
                                    Values.text(
                                            proto.getQueryParameter().getName(),
                                            at.field("query_parameter").field("name"))));
            case CONNECTION_PROPERTIES -> {
                if (proto.getConnectionProperties().getSourceIp()) {
                    yield Optional.of(new HashPolicySpec.Source.SourceIp());
                }
                at.field("connection_properties")
                        .add("no property", "source_ip: true", "set it or remove the policy");
                yield Optional.empty();
            }
            case FILTER_STATE -> Optional.empty(); // a refused field, already said
            case POLICYSPECIFIER_NOT_SET -> {
                at.add(
                        "no source",
                        "header, cookie, query_parameter or connection_properties",
                        "say what is hashed");
                yield Optional.empty();
            }
        };
    }
}
