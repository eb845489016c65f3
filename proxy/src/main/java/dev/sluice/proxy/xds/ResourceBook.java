package dev.sluice.proxy.xds;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The last good resources of every kind. An answer is taken whole or not at all: one resource that
 * can't be read leaves everything of its answer as it was. Owned by the configuration thread.
 */
final class ResourceBook {
    private static final List<ResourceKind> ASKED_BY_NAME =
            List.of(
                    ResourceKind.RUNTIME,
                    ResourceKind.ENDPOINTS,
                    ResourceKind.SECRET,
                    ResourceKind.ROUTES);

    private final BootstrapSpec bootstrap;
    private final Renewals renewals;
    private final UpdateBook updates;
    private final Map<ResourceKind, String> wholeVersions = new EnumMap<>(ResourceKind.class);
    private final Map<ResourceKind, TreeMap<String, Accepted>> books =
            new EnumMap<>(ResourceKind.class);

    /** Learns how long what was taken is to live. */
    @FunctionalInterface
    interface Renewals {
        /**
         * A resource was taken, or is to live longer.
         *
         * @param timeToLive from now; empty: without end
         */
        void renewed(ResourceKind kind, String name, Optional<Duration> timeToLive);
    }

    /**
     * @param bootstrap whose static listeners and clusters may ask for routes and endpoints too
     * @param clock wall clock
     */
    ResourceBook(BootstrapSpec bootstrap, Renewals renewals, InstantSource clock) {
        this.bootstrap = bootstrap;
        this.renewals = renewals;
        updates = new UpdateBook(clock);
        for (ResourceKind kind : ResourceKind.values()) {
            books.put(kind, new TreeMap<>());
        }
    }

    /**
     * Takes a state-of-the-world answer. Of wildcard kinds, what is left out is gone, unless the
     * answer only says of resources that they live longer.
     *
     * @return every problem; none: it was taken
     */
    List<Problem> whole(ResourceKind kind, Collection<Received> resources) {
        ReadAnswer answer = read(kind, resources);
        if (!answer.faults().isEmpty()) {
            updates.refused(kind, answer);
            return answer.problems();
        }
        if (kind.isWildcard() && !isHeartbeat(resources)) {
            book(kind).clear();
            updates.keepRefused(kind, Set.of());
        }
        resources.forEach(received -> wholeVersions.put(kind, received.version()));
        take(kind, answer.read());
        return List.of();
    }

    private static boolean isHeartbeat(Collection<Received> resources) {
        return !resources.isEmpty() && resources.stream().allMatch(Received::isWithoutContent);
    }

    /**
     * Takes a delta answer.
     *
     * @return every problem; none: it was taken
     */
    List<Problem> delta(
            ResourceKind kind, Collection<Received> changed, Collection<String> removed) {
        ReadAnswer answer = read(kind, changed);
        if (!answer.faults().isEmpty()) {
            updates.refused(kind, answer);
            return answer.problems();
        }
        removed.forEach(book(kind)::remove);
        updates.removed(kind, removed);
        take(kind, answer.read());
        return List.of();
    }

    private void take(ResourceKind kind, Map<String, Accepted> read) {
        book(kind).putAll(read);
        updates.accepted(kind, read.values());
        read.forEach((name, one) -> renewals.renewed(kind, name, one.received().timeToLive()));
        for (ResourceKind named : ASKED_BY_NAME) {
            Set<String> wanted = wanted(named);
            book(named).keySet().retainAll(wanted);
            updates.keepRefused(named, wanted);
        }
        books.forEach((every, book) -> updates.keepHeld(every, book.keySet()));
    }

    private ReadAnswer read(ResourceKind kind, Collection<Received> resources) {
        return ReadAnswer.of(
                kind, resources.stream().map(received -> complete(kind, received)).toList());
    }

    /** A heartbeat, with the content that is held in its version; others as they are. */
    private Received complete(ResourceKind kind, Received received) {
        Accepted held = book(kind).get(received.name());
        if (held == null || !received.isWithoutContent() || received.timeToLive().isEmpty()) {
            return received;
        }
        boolean isHeld =
                received.version().equals(held.received().version())
                        || received.version().equals(wholeVersions.get(kind));
        return isHeld ? held.named().living(received.timeToLive()) : received;
    }

    /** Whether a resource of that name was accepted and not removed since. */
    boolean holds(ResourceKind kind, String name) {
        return book(kind).containsKey(name);
    }

    /** Names that are asked for, of kinds that must be asked for by name; else none. */
    Set<String> wanted(ResourceKind kind) {
        Set<String> names = new TreeSet<>();
        switch (kind) {
            case RUNTIME -> names.addAll(bootstrap.runtime().resources());
            case ENDPOINTS ->
                    Stream.concat(bootstrap.clusters().stream(), clusters().stream())
                            .forEach(cluster -> {
                                if (cluster.discovery()
                                        instanceof ClusterSpec.Discovery.Eds(String service)) {
                                    names.add(service);
                                }
                            });
            case SECRET -> {
                Stream.concat(bootstrap.clusters().stream(), clusters().stream())
                        .flatMap(References::tls)
                        .forEach(tls -> names.addAll(tls.secrets()));
                Stream.concat(bootstrap.listeners().stream(), listeners().stream())
                        .flatMap(References::tls)
                        .forEach(tls -> names.addAll(tls.secrets()));
                names.removeAll(bootstrap.secrets().keySet());
            }
            case ROUTES ->
                    Stream.concat(bootstrap.listeners().stream(), listeners().stream())
                            .forEach(listener -> names.addAll(References.routes(listener)));
            case CLUSTER, LISTENER -> {}
        }
        return names;
    }

    List<ClusterSpec> clusters() {
        return of(ResourceKind.CLUSTER, Accepted.OfCluster.class)
                .map(found -> found.resource().spec())
                .toList();
    }

    List<ListenerSpec> listeners() {
        return of(ResourceKind.LISTENER, Accepted.OfListener.class)
                .map(found -> found.resource().spec())
                .toList();
    }

    /** Layers of runtime values, by name. */
    Map<String, Map<String, RuntimeValue>> runtime() {
        Map<String, Map<String, RuntimeValue>> all = new TreeMap<>();
        of(ResourceKind.RUNTIME, Accepted.OfRuntime.class)
                .forEach(found -> all.put(found.name(), found.resource().spec()));
        return all;
    }

    /** By service name. */
    Map<String, LoadAssignmentSpec> endpoints() {
        Map<String, LoadAssignmentSpec> all = new TreeMap<>();
        of(ResourceKind.ENDPOINTS, Accepted.OfEndpoints.class)
                .forEach(found -> all.put(found.name(), found.resource().spec()));
        return all;
    }

    /** By name. */
    Map<String, SecretSpec> secrets() {
        Map<String, SecretSpec> all = new TreeMap<>();
        of(ResourceKind.SECRET, Accepted.OfSecret.class)
                .forEach(found -> all.put(found.name(), found.resource().spec()));
        return all;
    }

    /** By name. */
    Map<String, RouteConfigurationSpec> routes() {
        Map<String, RouteConfigurationSpec> all = new TreeMap<>();
        of(ResourceKind.ROUTES, Accepted.OfRoutes.class)
                .forEach(found -> all.put(found.name(), found.resource().spec()));
        return all;
    }

    private <A extends Accepted> Stream<A> of(ResourceKind kind, Class<A> type) {
        return book(kind).values().stream().map(type::cast);
    }

    /** Every resource that the disk may remember, as it may. */
    Map<ResourceKind, List<Received>> remembered() {
        Map<ResourceKind, List<Received>> resources = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            if (kind.isRemembered()) {
                resources.put(
                        kind, book(kind).values().stream().map(Accepted::remembered).toList());
            }
        }
        return resources;
    }

    /** Versions held of a kind, for a reconnect. */
    Map<String, String> versions(ResourceKind kind) {
        Map<String, String> versions = new TreeMap<>();
        book(kind).forEach((name, accepted) -> versions.put(name, accepted.received().version()));
        return versions;
    }

    /** An answer of this version was accepted. */
    void answered(ResourceKind kind, String version) {
        updates.answered(kind, version);
    }

    /** An answer was not accepted. */
    void declined(ResourceKind kind) {
        updates.declined(kind);
    }

    /** What came and what became of it, to be shown. */
    SentConfiguration sent() {
        return updates.shown(books);
    }

    /** What is said without effect, as paths under kind and name. */
    List<String> inert() {
        List<String> paths = new ArrayList<>();
        books.forEach((kind, accepted) ->
                accepted.forEach((name, one) ->
                        one.inert()
                                .forEach(path ->
                                        paths.add(kind.what() + " " + name + ": " + path))));
        return paths;
    }

    private Map<String, Accepted> book(ResourceKind kind) {
        return Objects.requireNonNull(books.get(kind));
    }
}
