package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.UnknownClusters;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one snapshot of what was accepted, what the bootstrap says and what is served now. Warming
 * goes bottom up: a cluster waits for its endpoints, routes wait for the clusters and gates that
 * they name, but for clusters that nobody has sent where these are refused, a listener waits for
 * its routes and for the layers of runtime values. What waits leaves in place what was served
 * before, with everything that it needs, so that something is broken only after its successor was
 * made. Works on one assembly; not thread-safe.
 */
final class Assembler {
    private final ResourceBook book;
    private final Function<GateName, Optional<Gate>> held;
    private final ProxySnapshot served;
    private final List<String> waiting = new ArrayList<>();
    private final Set<GateName> gates = new TreeSet<>();
    private final Map<String, ClusterSpec> clusters;
    private final Set<String> known;
    private final Map<String, SecretSpec> secrets;
    private final Map<String, RouteConfigurationSpec> routes = new TreeMap<>();
    private final List<ListenerSpec> listeners = new ArrayList<>();
    private final Set<String> absentLayers;

    private Assembler(
            BootstrapSpec bootstrap,
            ResourceBook book,
            Function<GateName, Optional<Gate>> held,
            ProxySnapshot served) {
        this.book = book;
        this.held = held;
        this.served = served;
        secrets = new TreeMap<>(served.secrets());
        secrets.putAll(book.secrets());
        secrets.putAll(bootstrap.secrets());
        absentLayers = new TreeSet<>(book.wanted(ResourceKind.RUNTIME));
        absentLayers.removeAll(book.runtime().keySet());
        clusters = named(book.clusters(), bootstrap.clusters(), ClusterSpec::name);
        known = Set.copyOf(clusters.keySet());
    }

    /**
     * @param bootstrap whose static listeners and clusters win over those of the same name that
     *     came
     * @param book what was accepted
     * @param held gates in force
     * @param served what is served now
     */
    static Assembly assemble(
            BootstrapSpec bootstrap,
            ResourceBook book,
            Function<GateName, Optional<Gate>> held,
            ProxySnapshot served) {
        Assembler assembler = new Assembler(bootstrap, book, held, served);
        assembler.warmClusters();
        assembler.warmRoutes();
        assembler.warmListeners(named(book.listeners(), bootstrap.listeners(), ListenerSpec::name));
        assembler.keepWhatIsNamed();
        ProxySnapshot next =
                new ProxySnapshot(
                        served.version() + 1,
                        assembler.listeners,
                        assembler.routes,
                        assembler.clusters,
                        assembler.endpoints(),
                        assembler.secretsInUse());
        return new Assembly(next, assembler.gates, assembler.waiting);
    }

    private static <T> Map<String, T> named(
            Collection<T> received, Collection<T> fixed, Function<T, String> name) {
        Map<String, T> all = new LinkedHashMap<>();
        fixed.forEach(one -> all.put(name.apply(one), one));
        received.forEach(one -> all.putIfAbsent(name.apply(one), one));
        return all;
    }

    private void warmClusters() {
        for (ClusterSpec next : List.copyOf(clusters.values())) {
            boolean hasEndpoints = hasEndpoints(next);
            boolean hasSecrets = hasSecrets("cluster " + next.name(), References.tls(next));
            if (!hasEndpoints || !hasSecrets) {
                ClusterSpec before = served.clusters().get(next.name());
                if (before == null) {
                    clusters.remove(next.name());
                } else {
                    clusters.put(next.name(), before);
                }
            }
        }
    }

    private boolean hasEndpoints(ClusterSpec next) {
        if (next.discovery() instanceof ClusterSpec.Discovery.Eds(String service)
                && !book.endpoints().containsKey(service)) {
            waiting.add("cluster " + next.name() + " waits for its endpoints " + service);
            return false;
        }
        return true;
    }

    /** Secrets are never remembered: after a restart only the management server has them. */
    private boolean hasSecrets(String what, Stream<TlsSpec> all) {
        Set<String> missing = new TreeSet<>();
        all.forEach(tls -> missing.addAll(tls.missing(secrets)));
        if (!missing.isEmpty()) {
            waiting.add(what + " waits for its secrets " + missing);
        }
        return missing.isEmpty();
    }

    /** Only what is used is kept. */
    private Map<String, SecretSpec> secretsInUse() {
        Set<String> used = new TreeSet<>();
        clusters.values().stream()
                .flatMap(References::tls)
                .forEach(tls -> used.addAll(tls.secrets()));
        listeners.stream().flatMap(References::tls).forEach(tls -> used.addAll(tls.secrets()));
        Map<String, SecretSpec> kept = new TreeMap<>(secrets);
        kept.keySet().retainAll(used);
        return kept;
    }

    private void warmRoutes() {
        book.routes()
                .forEach((name, next) -> {
                    if (isWarm("routes " + name, next)) {
                        routes.put(name, next);
                    } else if (served.routes().containsKey(name)) {
                        routes.put(name, served.routes().get(name));
                    }
                });
    }

    /** Whether every gate and cluster that these routes name is there. */
    private boolean isWarm(String what, RouteConfigurationSpec next) {
        Set<String> missing = new TreeSet<>();
        Set<String> named = References.chosenClusters(next);
        if (next.unknown() == UnknownClusters.REFUSED) {
            named.retainAll(known);
        }
        named.addAll(References.gatedClusters(next));
        for (GateName gate : References.gates(next)) {
            gates.add(gate);
            if (held.apply(gate).isEmpty()) {
                missing.add("gate " + gate.name());
            }
        }
        References.decidingGates(next).stream()
                .flatMap(gate -> held.apply(gate).stream())
                .flatMap(References::clusters)
                .forEach(named::add);
        named.removeAll(clusters.keySet());
        named.forEach(cluster -> missing.add("cluster " + cluster));
        if (!missing.isEmpty()) {
            waiting.add(what + " wait for " + String.join(", ", missing));
        }
        return missing.isEmpty();
    }

    private void warmListeners(Map<String, ListenerSpec> wanted) {
        Map<String, ListenerSpec> before =
                served.listeners().stream()
                        .collect(Collectors.toMap(ListenerSpec::name, listener -> listener));
        wanted.forEach((name, next) -> {
            if (isWarm(next)) {
                listeners.add(next);
            } else if (before.containsKey(name)) {
                listeners.add(before.get(name));
            }
        });
    }

    private boolean isWarm(ListenerSpec next) {
        boolean inlineIsWarm = true;
        for (RouteConfigurationSpec inline : References.inline(next)) {
            inlineIsWarm &= isWarm("the routes in listener " + next.name(), inline);
        }
        Set<String> missing = References.routes(next);
        missing.removeAll(routes.keySet());
        if (!missing.isEmpty()) {
            waiting.add("listener " + next.name() + " waits for its routes " + missing);
        }
        Set<String> absent = References.carriers(next);
        absent.removeAll(clusters.keySet());
        if (!absent.isEmpty()) {
            waiting.add("listener " + next.name() + " waits for its clusters " + absent);
        }
        if (!absentLayers.isEmpty()) {
            waiting.add(
                    "listener " + next.name() + " waits for its runtime layers " + absentLayers);
        }
        boolean isSecured = hasSecrets("listener " + next.name(), References.tls(next));
        return inlineIsWarm
                && missing.isEmpty()
                && absent.isEmpty()
                && absentLayers.isEmpty()
                && isSecured;
    }

    /** What is served on needs what it named before. */
    private void keepWhatIsNamed() {
        for (ListenerSpec listener : listeners) {
            for (String name : References.routes(listener)) {
                Optional.ofNullable(served.routes().get(name))
                        .ifPresent(before -> routes.putIfAbsent(name, before));
            }
        }
        List<RouteConfigurationSpec> all =
                Stream.concat(
                                routes.values().stream(),
                                listeners.stream().flatMap(one -> References.inline(one).stream()))
                        .toList();
        all.forEach(one -> gates.addAll(References.gates(one)));
        Stream<String> carriers =
                listeners.stream().flatMap(one -> References.carriers(one).stream());
        Stream<String> routed =
                Stream.concat(
                        all.stream().flatMap(one -> References.clusters(one).stream()),
                        gates.stream()
                                .flatMap(gate -> held.apply(gate).stream())
                                .flatMap(References::clusters));
        Stream.concat(carriers, routed)
                .forEach(name ->
                        Optional.ofNullable(served.clusters().get(name))
                                .ifPresent(before -> clusters.putIfAbsent(name, before)));
    }

    private Map<String, LoadAssignmentSpec> endpoints() {
        Map<String, LoadAssignmentSpec> endpoints = new TreeMap<>();
        for (ClusterSpec cluster : clusters.values()) {
            if (cluster.discovery() instanceof ClusterSpec.Discovery.Eds(String service)) {
                Optional.ofNullable(
                                book.endpoints()
                                        .getOrDefault(service, served.endpoints().get(service)))
                        .ifPresent(found -> endpoints.put(service, found));
            }
        }
        return endpoints;
    }
}
