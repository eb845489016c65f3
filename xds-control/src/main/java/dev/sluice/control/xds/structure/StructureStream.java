package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.Acknowledged;
import dev.sluice.control.snapshot.Offer;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Structure;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One stream of structure to one node: what it should have, and what it was sent and accepted.
 *
 * <h2>Make before break</h2>
 *
 * {@link Offer} says, after each word of the node, what it may have next: clusters and endpoints at
 * once, listeners and routes when the node has what they name. Clusters that are gone are taken
 * away when the node has the listeners and routes of the target and no others. What a node refused
 * stays as it was, and holds up nothing but what names it.
 *
 * <p>A cluster that changes takes its endpoints with it, even if these did not change: Envoy makes
 * the cluster anew and, without endpoints that come after it, goes on with the old one for 15 s
 * (its {@code initial_fetch_timeout}).
 *
 * <p>Thread-safe: guarded by its own lock, which is held while a watch of java-control-plane is
 * answered (that only hands the answer to the stream's executor).
 */
public final class StructureStream {
    private final Map<ResourceType, TypeStream> types = new EnumMap<>(ResourceType.class);
    private Structure target = Structure.EMPTY;
    private List<HeldBack> heldBack = List.of();
    private Consumer<HeldBack> heldBackListener = _ -> {};
    private boolean started;
    private boolean isNews; // a request of which nothing has come yet

    /** What the node should have from now on; an older one than the present changes nothing. */
    public synchronized void target(Structure next) {
        if (started && next.seq() < target.seq()) {
            return;
        }
        if (started && heldBack.isEmpty() && next.hasContentOf(target)) {
            target = next;
            return;
        }
        for (ResourceType type : ResourceType.values()) {
            if (!next.of(type).hash().equals(target.of(type).hash())) {
                stream(type).reconsider();
            }
        }
        started = true;
        target = next;
        advance();
    }

    /**
     * Something that is kept back from the node, because the target is not whole or the node is
     * ahead of us.
     *
     * @param what for people, with the reason
     */
    public record HeldBack(ResourceType type, String what) {}

    /**
     * What became of a type.
     *
     * @param refusal reason of the last answer if it was a refusal, else empty
     */
    public record Report(String sentVersion, String acceptedVersion, String refusal) {}

    /** Who is told once of each thing that is kept back. */
    public synchronized void onHeldBack(Consumer<HeldBack> listener) {
        heldBackListener = listener;
    }

    /** A state-of-the-world request came; before java-control-plane sees it. */
    public synchronized void requested(DiscoveryRequest request) {
        type(request.getTypeUrl()).ifPresent(type -> type.requested(request));
        isNews = true;
    }

    /** A delta request came; before java-control-plane sees it. */
    public synchronized void requested(DeltaDiscoveryRequest request) {
        type(request.getTypeUrl()).ifPresent(type -> type.requested(request));
        isNews = true;
    }

    /**
     * java-control-plane has seen the request. As a rule it has opened a watch, and all is said; it
     * opens none while it waits for another answer of the type.
     */
    public synchronized void handed() {
        if (isNews) {
            advance();
        }
    }

    /** A response is being handed to the node. */
    public synchronized void sent(String typeUrl, String nonce) {
        type(typeUrl).ifPresent(type -> type.sent(nonce));
    }

    /** The node's next answers of a type go to this watch. */
    public synchronized void open(ResourceType type, OpenWatch watch) {
        stream(type).open(watch);
        advance();
    }

    /** Whether the node has accepted everything that it should have. */
    public synchronized boolean isSettled() {
        return started && Stream.of(ResourceType.values()).allMatch(this::settled);
    }

    /** Place of the log up to which the node has accepted its routes; empty when it has not. */
    public synchronized OptionalLong acceptedUpTo() {
        boolean hasRoutes =
                started && stream(ResourceType.ROUTE).wasAsked() && settled(ResourceType.ROUTE);
        return hasRoutes || isSettled() ? OptionalLong.of(target.seq()) : OptionalLong.empty();
    }

    /** Place of the log up to which the node has accepted everything; empty when it has not. */
    public synchronized OptionalLong settledUpTo() {
        return isSettled() ? OptionalLong.of(target.seq()) : OptionalLong.empty();
    }

    /**
     * Something that the node refuses.
     *
     * @param seq place of the log of the target that it was sent of
     */
    public record Refused(ResourceType type, long seq, String reason) {}

    /** What the node refuses now. */
    public synchronized List<Refused> refused() {
        return types.values().stream().flatMap(type -> type.answers().refused().stream()).toList();
    }

    /** Sends once more what the node refused: what it collided with may be gone. */
    public synchronized void retry() {
        types.values().forEach(TypeStream::reconsider);
        advance();
    }

    /** What the node was sent and accepted of each type that it asked for. */
    public synchronized Map<ResourceType, Report> report() {
        Map<ResourceType, Report> reports = new EnumMap<>(ResourceType.class);
        types.forEach((type, stream) -> {
            if (stream.wasAsked()) {
                reports.put(type, stream.answers().report());
            }
        });
        return reports;
    }

    /** What is kept back now. */
    public synchronized List<HeldBack> heldBack() {
        return heldBack;
    }

    /** Sends what the node may have next. */
    private void advance() {
        isNews = false;
        if (!started) {
            return;
        }
        for (ResourceType type : ResourceType.values()) {
            stream(type).adopt(target);
        }
        Offer offer = Offer.of(target, acknowledged(), old());
        for (ResourceType type : ResourceType.values()) {
            Set<String> news = stream(type).answer(offer, target);
            if (type == ResourceType.CLUSTER) {
                stream(ResourceType.ENDPOINT).sendAgain(news);
            }
        }
        List<HeldBack> before = heldBack;
        heldBack = heldBack(offer);
        heldBack.stream().filter(now -> !before.contains(now)).forEach(heldBackListener);
    }

    private List<HeldBack> heldBack(Offer offer) {
        List<HeldBack> all = new ArrayList<>();
        offer.withheld().forEach(one -> all.add(new HeldBack(one.type(), one.toString())));
        types.forEach((type, stream) ->
                stream.ahead(target)
                        .ifPresent(place ->
                                all.add(
                                        new HeldBack(
                                                type,
                                                "everything: the node knows event "
                                                        + place
                                                        + ", this control plane only "
                                                        + target.seq()
                                                        + "; is this an old copy of the log?"))));
        return all;
    }

    /**
     * A node that comes back may have clusters that are gone, with routes to them: these clusters
     * go when it has been told of the present ones and has accepted the present listeners and
     * routes.
     */
    private Offer.Old old() {
        return stream(ResourceType.CLUSTER).wasAnswered()
                        && isUnused(ResourceType.LISTENER)
                        && isUnused(ResourceType.ROUTE)
                ? Offer.Old.DROPPED
                : Offer.Old.KEPT;
    }

    /** Whether nothing of a type can still use what is gone. */
    private boolean isUnused(ResourceType type) {
        boolean isToAsk =
                stream(ResourceType.CLUSTER).isReturning()
                        && !target.of(type).byName().isEmpty()
                        && !stream(type).wasAsked();
        return !isToAsk && settled(type);
    }

    private Map<ResourceType, Acknowledged> acknowledged() {
        Map<ResourceType, Acknowledged> all = new EnumMap<>(ResourceType.class);
        types.forEach((type, stream) -> all.put(type, stream.acknowledged()));
        return all;
    }

    /** Whether the node has accepted the target's resources of a type, or never asked for it. */
    private boolean settled(ResourceType type) {
        return stream(type).hasAccepted(target.of(type));
    }

    private Optional<TypeStream> type(String typeUrl) {
        return ResourceType.of(typeUrl).map(this::stream);
    }

    private TypeStream stream(ResourceType type) {
        return types.computeIfAbsent(type, TypeStream::new);
    }
}
