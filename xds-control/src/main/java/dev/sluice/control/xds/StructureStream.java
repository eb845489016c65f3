package dev.sluice.control.xds;

import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.xds.TypeStream.Removals;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One stream of structure to one node: what it was sent, what it accepted, and how far a change has
 * come.
 *
 * <h2>Make before break</h2>
 *
 * A change goes out in three steps, each when the node has accepted the one before: clusters and
 * endpoints are added, listeners and routes are switched, old clusters are taken away. A refusal
 * stops it where it is: what the node has goes on serving, and the refused content is not sent
 * again. Routes that a kill changed do not wait, since they go back to clusters that the node has.
 *
 * <p>A cluster that changes takes its endpoints with it, even if these did not change: Envoy makes
 * the cluster anew and, without endpoints that come after it, goes on with the old one for 15 s
 * (its {@code initial_fetch_timeout}).
 *
 * <p>Thread-safe: guarded by its own lock, which is held while a watch of java-control-plane is
 * answered (that only hands the answer to the stream's executor).
 */
final class StructureStream {
    private final Map<ResourceType, TypeStream> types = new EnumMap<>(ResourceType.class);
    private Structure target = Structure.EMPTY;
    private Structure serving = Structure.EMPTY;
    private Phase phase = Phase.SETTLED;
    private boolean started;

    /** How far the change to the target is. */
    private enum Phase {
        /** Clusters and endpoints of the target are being added. */
        ADDING,
        /** Listeners and routes are being switched. */
        SWITCHING,
        /** The node has, or is getting, the target and nothing else. */
        SETTLED
    }

    /** What the node should have from now on; an older one than the present changes nothing. */
    synchronized void target(Structure next) {
        if (!started) {
            started = true;
            serving = next;
        } else if (next.seq() < target.seq()) {
            return;
        } else if (next.sameContent(target)) {
            serving = serving.at(next.seq());
        } else {
            serving = serving.additive(next);
            phase = Phase.ADDING;
        }
        target = next;
        advance();
    }

    /**
     * As {@link #target}, but these route configurations, which a kill changed, wait for no
     * acceptance.
     */
    synchronized void urgentTarget(Structure next, Set<String> routes) {
        if (started && next.seq() >= target.seq()) {
            serving = serving.withRoutes(next, routes);
        }
        target(next);
    }

    /** A state-of-the-world request came; before java-control-plane sees it. */
    synchronized void requested(DiscoveryRequest request) {
        type(request.getTypeUrl()).ifPresent(type -> type.requested(request));
        advance();
    }

    /** A delta request came; before java-control-plane sees it. */
    synchronized void requested(DeltaDiscoveryRequest request) {
        type(request.getTypeUrl()).ifPresent(type -> type.requested(request));
        advance();
    }

    /** A response is being handed to the node. */
    synchronized void sent(String typeUrl, String nonce) {
        type(typeUrl).ifPresent(type -> type.sent(nonce));
    }

    /** The node's next answer of a type goes to this watch. */
    synchronized void open(ResourceType type, OpenWatch watch) {
        stream(type).open(watch);
        answer(type);
    }

    /** Whether the node has accepted everything that it should have. */
    synchronized boolean isSettled() {
        return started
                && phase == Phase.SETTLED
                && Stream.of(ResourceType.values()).allMatch(this::settled);
    }

    /** Place of the log up to which the node has accepted its routes; empty when it has not. */
    synchronized OptionalLong acceptedUpTo() {
        return isSettled() ? OptionalLong.of(target.seq()) : OptionalLong.empty();
    }

    /** What the node was sent and accepted of each type that it asked for. */
    synchronized Map<ResourceType, TypeStream.Report> report() {
        Map<ResourceType, TypeStream.Report> reports = new EnumMap<>(ResourceType.class);
        types.forEach((type, stream) -> {
            if (stream.wasAsked()) {
                reports.put(type, stream.report());
            }
        });
        return reports;
    }

    /** Goes to the next step of the change when the node has accepted the present one. */
    private void advance() {
        if (phase == Phase.ADDING
                && settled(ResourceType.CLUSTER)
                && settled(ResourceType.ENDPOINT)) {
            serving = serving.switched(target);
            phase = Phase.SWITCHING;
        }
        if (phase == Phase.SWITCHING
                && settled(ResourceType.LISTENER)
                && settled(ResourceType.ROUTE)) {
            serving = target;
            phase = Phase.SETTLED;
        }
        for (ResourceType type : ResourceType.values()) {
            answer(type);
        }
    }

    /** Whether the node has accepted what is served of a type, or never asked for the type. */
    private boolean settled(ResourceType type) {
        TypeStream stream = types.get(type);
        return stream == null || stream.hasAccepted(serving.of(type), removals(type));
    }

    private void answer(ResourceType type) {
        if (!started) {
            return;
        }
        Set<String> news = stream(type).answer(serving, removals(type));
        if (type == ResourceType.CLUSTER && !news.isEmpty()) {
            stream(ResourceType.ENDPOINT).sendAgain(news);
            answer(ResourceType.ENDPOINT);
        }
    }

    /**
     * A node that comes back may have clusters that are gone, with routes to them: these clusters
     * go when it has been told of the present ones and has accepted the present listeners and
     * routes.
     */
    private Removals removals(ResourceType type) {
        boolean isUsed =
                type == ResourceType.CLUSTER
                        && !(phase == Phase.SETTLED
                                && stream(type).wasAnswered()
                                && settled(ResourceType.LISTENER)
                                && settled(ResourceType.ROUTE));
        return isUsed ? Removals.LATER : Removals.NOW;
    }

    private Optional<TypeStream> type(String typeUrl) {
        return ResourceType.of(typeUrl).map(this::stream);
    }

    private TypeStream stream(ResourceType type) {
        return types.computeIfAbsent(type, TypeStream::new);
    }
}
