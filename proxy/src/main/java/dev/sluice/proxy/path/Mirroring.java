package dev.sluice.proxy.path;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.Use;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.MirrorTag;
import dev.sluice.proxy.mirror.Mirror;
import dev.sluice.proxy.observe.MirrorEnd;
import dev.sluice.proxy.observe.MirrorObserver;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.MirrorSpec.Host;
import dev.sluice.proxy.snapshot.route.MirrorSpec.Target;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says where copies of a request go, by the mirror policies of its route. A copy is what the
 * upstream gets, with a host of its own and the tag that keeps it out of evidence. Wishes to change
 * the protocol are not copied. Loop-owned.
 *
 * @param patience for an answer where the route has no time for it; zero: for ever
 * @param overload under which none is made
 * @param observer is told of copies that have nowhere to go
 */
record Mirroring(Loop loop, Duration patience, Overload overload, MirrorObserver observer) {
    private static final String SUFFIX = "-shadow";

    /**
     * @param head as the upstream gets it
     * @param limits of the request
     */
    List<Mirror> of(
            Matched matched,
            RouteActionSpec.Forward action,
            RequestHead head,
            TimeLimits limits,
            Map<String, Cluster> clusters) {
        if (action.mirrors().isEmpty() || head.upgrade() != null) {
            return List.of();
        }
        Duration answer = limits.answer().isZero() ? patience : limits.answer();
        List<Mirror> mirrors = new ArrayList<>(action.mirrors().size());
        for (MirrorSpec spec : action.mirrors()) {
            PartsPerMillion share = matched.runtime().share(spec.share());
            if (!share.contains(loop.random().nextInt(PartsPerMillion.WHOLE))) {
                continue;
            }
            String name = cluster(spec.target(), matched.request());
            Cluster cluster = clusters.get(name);
            if (cluster == null) {
                boolean configured = spec.target() instanceof Target.Single;
                observer.mirrored(configured ? name : "", MirrorEnd.NO_CLUSTER);
                continue;
            }
            if (overload.isActive()) {
                observer.mirrored(name, MirrorEnd.SHED);
                continue;
            }
            Pick pick = Pick.of(UpstreamTerms.stickiness(matched, action, cluster).hash());
            mirrors.add(
                    new Mirror(
                            cluster.on(loop),
                            copy(head, spec.host()),
                            WantedDestination.ofCopy(cluster, pick, head.headers()),
                            Use.exchanges(matched.request().peer()),
                            answer));
        }
        return mirrors;
    }

    private static String cluster(Target target, ExchangeView request) {
        return switch (target) {
            case Target.Single(String cluster) -> cluster;
            case Target.ByHeader(String header) ->
                    request.header(header).map(CharSequence::toString).orElse("");
        };
    }

    private static RequestHead copy(RequestHead head, Host host) {
        HeaderBlock headers = head.headers().copy();
        headers.remove(HeaderNames.EXPECT);
        MirrorTag.put(headers);
        CharSequence authority =
                switch (host) {
                    case Host.Suffixed() -> suffixed(head.authority().toString());
                    case Host.Kept() -> head.authority();
                    case Host.Literal(String literal) -> literal;
                };
        return new RequestHead(head.method(), head.scheme(), authority, head.path(), headers);
    }

    /** Behind the name and before the port; an address in brackets keeps what it is. */
    private static String suffixed(String authority) {
        int port = authority.lastIndexOf(':');
        return port > authority.lastIndexOf(']')
                ? authority.substring(0, port) + SUFFIX + authority.substring(port)
                : authority + SUFFIX;
    }

    /** Takes a tag off that nobody trusted has put on. */
    void untag(ExchangeView request, HeaderBlock headers, Optional<GateFilter> gates) {
        if (!MirrorTag.isOn(request.head(), request.peer(), gates)) {
            MirrorTag.remove(headers);
        }
    }
}
