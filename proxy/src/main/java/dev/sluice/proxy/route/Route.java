package dev.sluice.proxy.route;

import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.filter.rewrite.HeaderMutator;
import dev.sluice.proxy.filter.rewrite.PathRewriter;
import dev.sluice.proxy.filter.rewrite.RedirectLocation;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.MutationOrder;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import dev.sluice.proxy.snapshot.route.VirtualHostSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One route, compiled: what the request path does with a request that matched. Immutable.
 *
 * @param spec what it was compiled from
 * @param virtualHost the host that it belongs to
 * @param path how a forwarded request's path is rewritten
 * @param redirect where a redirect leads; empty for other actions
 * @param headers changes for the route without a weighted cluster
 * @param clusters chooses a cluster; empty for actions that forward nothing
 * @param filters of the listener with the settings of this route
 */
public record Route(
        RouteSpec spec,
        VirtualHostSpec virtualHost,
        PathRewriter path,
        Optional<RedirectLocation> redirect,
        RouteHeaders headers,
        Optional<ClusterPicker> clusters,
        FilterChain filters) {
    private static final int MOVED_PERMANENTLY = 301;

    /**
     * @param filters of the virtual host
     */
    static Route compile(
            RouteSpec spec,
            VirtualHostSpec host,
            RouteConfigurationSpec configuration,
            FilterChain filters) {
        PathRewrite rewrite =
                spec.action() instanceof RouteActionSpec.Forward forward
                        ? forward.path()
                        : new PathRewrite.Keep();
        RouteHeaders headers = headers(HeaderMutations.NONE, spec, host, configuration);
        return new Route(
                spec,
                host,
                PathRewriter.compile(rewrite, spec.match().path()),
                RedirectLocation.of(spec.action(), spec.match().path()),
                headers,
                picker(spec, host, configuration, headers),
                filters.with(spec.filters()));
    }

    /** The route that leads who must come by TLS there, which none of the host's settings touch. */
    static Route toTls(VirtualHostSpec host, FilterChain ofListener) {
        RouteActionSpec.Redirect redirect =
                new RouteActionSpec.Redirect(
                        MOVED_PERMANENTLY,
                        Optional.of("https"),
                        Optional.empty(),
                        Optional.empty(),
                        new PathRewrite.Keep(),
                        /* stripQuery= */ false);
        RouteMatchSpec all = RouteMatchSpec.ALL;
        return new Route(
                new RouteSpec(
                        "",
                        all,
                        RuntimeShare.ALL,
                        redirect,
                        Optional.empty(),
                        Map.of(),
                        HeaderMutations.NONE),
                host,
                PathRewriter.compile(new PathRewrite.Keep(), all.path()),
                RedirectLocation.of(redirect, all.path()),
                new RouteHeaders(HeaderMutator.NONE, HeaderMutator.NONE),
                Optional.empty(),
                ofListener);
    }

    private static Optional<ClusterPicker> picker(
            RouteSpec spec,
            VirtualHostSpec host,
            RouteConfigurationSpec configuration,
            RouteHeaders headers) {
        if (!(spec.action() instanceof RouteActionSpec.Forward forward)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (forward.cluster()) {
                    case ClusterChoice.Single(String cluster) ->
                            new ClusterPicker.Fixed(
                                    Optional.of(new ClusterPicker.Picked(cluster, headers)));
                    case ClusterChoice.ByHeader(String header) ->
                            new ClusterPicker.ByHeader(header, headers);
                    case ClusterChoice.Weighted weighted ->
                            ClusterPicker.Weighted.compile(
                                    weighted,
                                    forward.hashPolicies(),
                                    cluster ->
                                            headers(cluster.headers(), spec, host, configuration));
                });
    }

    /** The levels in the order of the configuration, from the weighted cluster outwards or in. */
    private static RouteHeaders headers(
            HeaderMutations cluster,
            RouteSpec spec,
            VirtualHostSpec host,
            RouteConfigurationSpec configuration) {
        List<HeaderMutations> levels =
                new ArrayList<>(
                        List.of(cluster, spec.headers(), host.headers(), configuration.headers()));
        if (configuration.order() == MutationOrder.SPECIFIC_LAST) {
            levels = levels.reversed();
        }
        return new RouteHeaders(
                HeaderMutator.of(levels.stream().map(HeaderMutations::request).toList()),
                HeaderMutator.of(levels.stream().map(HeaderMutations::response).toList()));
    }

    /**
     * Header changes of all levels.
     *
     * @param request on the way to the upstream
     * @param response on the way to the client
     */
    public record RouteHeaders(HeaderMutator request, HeaderMutator response) {}
}
