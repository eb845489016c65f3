package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.ClusterSpec;
import dev.sluice.proxy.snapshot.EndpointSpec;
import dev.sluice.proxy.snapshot.FilterChainSpec;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.RouteConfigurationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Makes one snapshot of what was accepted, what the bootstrap says and what is served now. A listener waits until its
 * routes are there, and routes wait until every gate they name is there; what was served before goes on meanwhile
 * (warming). Immutable.
 *
 * @param snapshot what can be served
 * @param gates every gate that a route names, for the gate stream
 * @param waiting what is not there yet, as sentences; empty: everything that was accepted is served
 */
record Assembly(ProxySnapshot snapshot, Set<GateName> gates, List<String> waiting) {
    /**
     * @param bootstrap whose static listeners and clusters come first
     * @param book what was accepted
     * @param held whether a gate is in force
     * @param served what is served now
     */
    static Assembly of(
            BootstrapSpec bootstrap, ResourceBook book, Predicate<GateName> held, ProxySnapshot served) {
        return new Assembler(bootstrap, book, held, served).assemble();
    }

    /** Works on one assembly. */
    private static final class Assembler {
        private final BootstrapSpec bootstrap;
        private final ResourceBook book;
        private final Predicate<GateName> held;
        private final ProxySnapshot served;
        private final List<String> waiting = new ArrayList<>();
        private final Set<GateName> gates = new TreeSet<>();

        Assembler(
                BootstrapSpec bootstrap,
                ResourceBook book,
                Predicate<GateName> held,
                ProxySnapshot served) {
            this.bootstrap = bootstrap;
            this.book = book;
            this.held = held;
            this.served = served;
        }

        Assembly assemble() {
            Map<String, ClusterSpec> clusters = clusters();
            Map<String, RouteConfigurationSpec> routes = routes();
            List<ListenerSpec> listeners = listeners(routes);
            ProxySnapshot next =
                    new ProxySnapshot(served.version() + 1, listeners, routes, clusters, endpoints(clusters));
            return new Assembly(next, gates, List.copyOf(waiting));
        }

        private Map<String, ClusterSpec> clusters() {
            Map<String, ClusterSpec> clusters = new HashMap<>();
            bootstrap.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster));
            book.of(ResourceKind.CLUSTER).forEach((name, accepted) -> {
                if (accepted instanceof Accepted.OfCluster cluster) {
                    clusters.put(name, cluster.resource().spec());
                }
            });
            return clusters;
        }

        private Map<String, List<EndpointSpec>> endpoints(Map<String, ClusterSpec> clusters) {
            Map<String, List<EndpointSpec>> endpoints = new HashMap<>();
            book.of(ResourceKind.ENDPOINTS).forEach((name, accepted) -> {
                if (accepted instanceof Accepted.OfEndpoints load) {
                    endpoints.put(name, load.resource().spec());
                }
            });
            clusters.values().forEach(cluster -> {
                if (cluster.discovery() instanceof ClusterSpec.Discovery.Eds(String service)
                        && !endpoints.containsKey(service)) {
                    waiting.add("cluster " + cluster.name() + " waits for its endpoints");
                }
            });
            return endpoints;
        }

        private Map<String, RouteConfigurationSpec> routes() {
            Map<String, RouteConfigurationSpec> routes = new HashMap<>();
            book.of(ResourceKind.ROUTES).forEach((name, accepted) -> {
                if (accepted instanceof Accepted.OfRoutes found) {
                    warm("routes " + name, found.resource().spec(), Optional.ofNullable(served.routes().get(name)))
                            .ifPresent(spec -> routes.put(name, spec));
                }
            });
            return routes;
        }

        /** New routes if all their gates are there, else those served before. */
        private Optional<RouteConfigurationSpec> warm(
                String what, RouteConfigurationSpec next, Optional<RouteConfigurationSpec> before) {
            Set<GateName> missing = new TreeSet<>();
            named(next).forEach(gate -> {
                gates.add(gate);
                if (!held.test(gate)) {
                    missing.add(gate);
                }
            });
            before.ifPresent(spec -> gates.addAll(named(spec)));
            if (missing.isEmpty()) {
                return Optional.of(next);
            }
            waiting.add(what + " waits for " + missing);
            return before;
        }

        private static Set<GateName> named(RouteConfigurationSpec routes) {
            Set<GateName> names = new TreeSet<>();
            routes.virtualHosts().stream()
                    .flatMap(host -> host.routes().stream())
                    .flatMap(route -> route.gate().stream())
                    .forEach(gate -> {
                        if (gate.source() instanceof RouteGate.Source.Named(GateName name)) {
                            names.add(name);
                        }
                    });
            return names;
        }

        private List<ListenerSpec> listeners(Map<String, RouteConfigurationSpec> routes) {
            Map<String, ListenerSpec> before = new HashMap<>();
            served.listeners().forEach(listener -> before.put(listener.name(), listener));
            List<ListenerSpec> listeners = new ArrayList<>(bootstrap.listeners());
            book.of(ResourceKind.LISTENER).forEach((name, accepted) -> {
                if (accepted instanceof Accepted.OfListener found) {
                    warm(found.resource().spec(), routes, Optional.ofNullable(before.get(name)))
                            .ifPresent(listeners::add);
                }
            });
            return listeners;
        }

        private Optional<ListenerSpec> warm(
                ListenerSpec next, Map<String, RouteConfigurationSpec> routes, Optional<ListenerSpec> before) {
            for (FilterChainSpec chain : next.chains()) {
                HttpConnectionManagerSpec http = switch (chain.filter()) {
                    case HttpConnectionManagerSpec manager -> manager;
                };
                boolean isReady = switch (http.routes()) {
                    case RouteSource.Rds(String name) -> routes.containsKey(name);
                    case RouteSource.Inline(RouteConfigurationSpec inline) ->
                        warm("listener " + next.name(), inline, Optional.empty()).isPresent();
                };
                if (!isReady) {
                    waiting.add("listener " + next.name() + " waits for its routes");
                    return before;
                }
            }
            return Optional.of(next);
        }
    }
}
