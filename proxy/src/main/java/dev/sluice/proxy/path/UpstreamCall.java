package dev.sluice.proxy.path;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.Use;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.fault.ArmFaults;
import dev.sluice.proxy.plan.Plan;
import dev.sluice.proxy.route.Stickiness;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Connect;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.HostRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;

/** What every upstream of a request is asked. Immutable. */
record UpstreamCall(
        Peer peer,
        RequestHead head,
        Plan.Authority authority,
        Pick pick,
        Use use,
        Numbering numbering) {
    static UpstreamCall of(
            Matched matched, RequestHead head, RouteActionSpec.Forward action, Stickiness sticky) {
        Peer peer = matched.request().peer();
        boolean named = action.host() instanceof HostRewrite.Auto;
        return new UpstreamCall(
                peer,
                head,
                named ? Plan.Authority.OF_ENDPOINT : Plan.Authority.OF_HEAD,
                Pick.of(sticky.hash()),
                head.isConnect() && action.connect() == Connect.ENDS_HERE
                        ? Use.tunnel(peer)
                        : Use.exchanges(peer),
                action.numbering());
    }

    /** What this cluster is asked. */
    Plan.Target target(Cluster cluster, Loop loop) {
        return new Plan.Target(
                cluster.on(loop),
                head,
                authority,
                WantedDestination.in(cluster, pick, head.headers(), peer),
                use,
                numbering,
                ArmFaults.NONE);
    }

    UpstreamCall withHeaders(HeaderBlock headers) {
        return new UpstreamCall(peer, head.withHeaders(headers), authority, pick, use, numbering);
    }
}
