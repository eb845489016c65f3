package dev.sluice.proxy.resource.route;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.header.HeaderMutationParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Selection;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.WeightedClusterSpec;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads weighted clusters; empty after a problem. Stateless. */
final class WeightedClusterParser {
    private static final long MOST = 0xffff_ffffL;

    private WeightedClusterParser() {}

    /**
     * @param hashPolicies how many the route has
     */
    static Optional<ClusterChoice> parse(WeightedCluster proto, int hashPolicies, Spot at) {
        int before = at.problems().count();
        List<WeightedClusterSpec> clusters = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < proto.getClustersCount(); i++) {
            WeightedClusterSpec cluster =
                    cluster(proto.getClusters(i), at.field("clusters").index(i));
            clusters.add(cluster);
            total += cluster.weight();
        }
        weights(proto, total, at);
        Optional<Selection> selection = selection(proto, hashPolicies, at);
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new ClusterChoice.Weighted(
                                clusters,
                                total,
                                proto.getRuntimeKeyPrefix(),
                                selection.orElseThrow()));
    }

    @SuppressWarnings("deprecation") // Envoy still obeys total_weight, so a wrong one is an error
    private static void weights(WeightedCluster proto, long total, Spot at) {
        if (total < 1 || total > MOST) {
            at.field("clusters")
                    .add(
                            "weights with the sum " + total,
                            "1.." + MOST,
                            total < 1 ? "give a cluster some weight" : "use smaller weights");
        } else if (proto.hasTotalWeight()
                && Integer.toUnsignedLong(proto.getTotalWeight().getValue()) != total) {
            at.field("total_weight")
                    .add(
                            Integer.toUnsignedString(proto.getTotalWeight().getValue()),
                            "the sum of the weights, " + total,
                            "correct the weights, or remove total_weight");
        }
    }

    private static WeightedClusterSpec cluster(WeightedCluster.ClusterWeight proto, Spot at) {
        return new WeightedClusterSpec(
                Values.text(proto.getName(), at.field("name")),
                Integer.toUnsignedLong(proto.getWeight().getValue()),
                HeaderMutationParser.parse(
                        proto.getRequestHeadersToRemoveList(),
                        proto.getRequestHeadersToAddList(),
                        proto.getResponseHeadersToRemoveList(),
                        proto.getResponseHeadersToAddList(),
                        at));
    }

    private static Optional<Selection> selection(WeightedCluster proto, int hashPolicies, Spot at) {
        return switch (proto.getRandomValueSpecifierCase()) {
            case HEADER_NAME ->
                    MatcherParser.headerName(
                                    proto.getHeaderName(), at.field("header_name").problems())
                            .map(Selection.Header::new);
            case USE_HASH_POLICY -> {
                if (!proto.getUseHashPolicy().getValue()) {
                    yield Optional.of(new Selection.Random());
                }
                if (hashPolicies == 0) {
                    at.field("use_hash_policy")
                            .add(
                                    "true without hash_policy",
                                    "a hash_policy in the route",
                                    "say in hash_policy what is hashed");
                    yield Optional.empty();
                }
                yield Optional.of(new Selection.Hash());
            }
            case RANDOMVALUESPECIFIER_NOT_SET -> Optional.of(new Selection.Random());
        };
    }
}
