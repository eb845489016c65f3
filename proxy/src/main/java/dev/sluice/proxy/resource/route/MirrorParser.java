package dev.sluice.proxy.resource.route;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.MirrorSpec.Host;
import dev.sluice.proxy.snapshot.route.MirrorSpec.Target;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads mirror policies; those with a problem are left out. Stateless. */
final class MirrorParser {
    private MirrorParser() {}

    /**
     * @param inherited of the level above, which count where this one says nothing
     */
    static List<MirrorSpec> parse(
            List<RequestMirrorPolicy> protos, List<MirrorSpec> inherited, Spot at) {
        if (protos.isEmpty()) {
            return inherited;
        }
        List<MirrorSpec> mirrors = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            policy(protos.get(i), at.index(i)).ifPresent(mirrors::add);
        }
        return mirrors;
    }

    private static Optional<MirrorSpec> policy(RequestMirrorPolicy proto, Spot at) {
        int before = at.problems().count();
        Optional<Target> target = target(proto, at);
        Host host = host(proto, at);
        RuntimeShare share =
                proto.hasRuntimeFraction()
                        ? Values.share(proto.getRuntimeFraction())
                        : RuntimeShare.ALL;
        return at.problems().count() > before
                ? Optional.empty()
                : target.map(known -> new MirrorSpec(known, share, host));
    }

    private static Optional<Target> target(RequestMirrorPolicy proto, Spot at) {
        boolean named = !proto.getCluster().isEmpty();
        boolean byHeader = !proto.getClusterHeader().isEmpty();
        if (named == byHeader) {
            at.add(
                    named ? "cluster beside cluster_header" : "a mirror to nowhere",
                    "cluster or cluster_header",
                    "name a cluster, or the header that names it");
            return Optional.empty();
        }
        return named
                ? Optional.of(new Target.Single(proto.getCluster()))
                : MatcherParser.headerName(
                                proto.getClusterHeader(), at.field("cluster_header").problems())
                        .map(Target.ByHeader::new);
    }

    private static Host host(RequestMirrorPolicy proto, Spot at) {
        if (!proto.getHostRewriteLiteral().isEmpty()) {
            Values.headerValue(proto.getHostRewriteLiteral(), at.field("host_rewrite_literal"));
            return new Host.Literal(proto.getHostRewriteLiteral());
        }
        return proto.getDisableShadowHostSuffixAppend() ? new Host.Kept() : new Host.Suffixed();
    }
}
