package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.Acknowledged;
import dev.sluice.control.snapshot.Offer;
import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Versioned;
import dev.sluice.control.xds.structure.Sent.Extent;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One type of structure on one stream, by what the node itself said: names it wants, versions it
 * has, answers it gave.
 *
 * <p>A refused response says nothing of which of its resources the node took over, so all that were
 * new in it count as unknown from then on, and {@link Refusals} says what of them goes out again.
 *
 * <p>Owned by its {@link StructureStream}, under whose lock it is used.
 */
final class TypeStream {
    /** How many responses with routes may be unanswered; of other types it is one. */
    private static final int UNANSWERED_ROUTES = 8;

    private final ResourceType type;
    private final Subscription subscription;
    private final Answers answers;

    private final Holding holding = new Holding();
    private final Set<String> toldAbsent = new HashSet<>();
    private final Unanswered unanswered = new Unanswered();
    private final Refusals refusals = new Refusals();
    private Optional<OpenWatch> open = Optional.empty();
    private Claim claim = Claim.NONE;
    private Protocol protocol = Protocol.WHOLE;
    private boolean answered;

    TypeStream(ResourceType type) {
        this.type = type;
        this.subscription = new Subscription(type);
        this.answers = new Answers(type);
    }

    void requested(DiscoveryRequest request) {
        if (!subscription.isAsked()) {
            claim = Claim.of(request.getVersionInfo());
        }
        subscription.replace(request);
        subscription.only().ifPresent(toldAbsent::retainAll);
        judged(
                request.getResponseNonce(),
                request.hasErrorDetail(),
                request.getErrorDetail().getMessage());
        subscription.only().ifPresent(holding::retain);
    }

    void requested(DeltaDiscoveryRequest request) {
        if (subscription.isAsked()) {
            // Whoever subscribes again has lost what it had.
            request.getResourceNamesSubscribeList().forEach(this::forget);
        } else {
            holding.said(request.getInitialResourceVersionsMap());
            claim = Claim.latest(request.getInitialResourceVersionsMap().values());
        }
        protocol = Protocol.DELTA;
        subscription.change(request);
        request.getResourceNamesUnsubscribeList().forEach(this::forget);
        judged(
                request.getResponseNonce(),
                request.hasErrorDetail(),
                request.getErrorDetail().getMessage());
    }

    private void forget(String name) {
        holding.forget(name);
        toldAbsent.remove(name);
        unanswered.without(Set.of(name));
    }

    /** The node's answer to a response of ours. */
    private void judged(String nonce, boolean isRefusal, String reason) {
        Optional<Sent> judged = unanswered.answered(nonce);
        if (judged.isEmpty()) {
            return;
        }
        if (isRefusal) {
            refuse(judged.get(), reason.isEmpty() ? "refused without a reason" : reason);
        } else {
            accept(judged.get());
        }
    }

    private void refuse(Sent sent, String reason) {
        refusals.refused(sent.newVersions());
        holding.refused(sent);
        toldAbsent.removeAll(sent.removed());
        answers.refused(sent, reason);
    }

    private void accept(Sent sent) {
        holding.accepted(sent);
        refusals.accepted(sent.newVersions());
        answers.accepted(sent.version(), /* all= */ refusals.alone().isEmpty());
    }

    /** The response that was handed out first goes to the node with this nonce. */
    void sent(String nonce) {
        unanswered.sent(nonce);
    }

    void open(OpenWatch watch) {
        open = Optional.of(watch);
    }

    boolean wasAsked() {
        return subscription.isAsked();
    }

    boolean wasAnswered() {
        return answered;
    }

    /** The target has other content of this type. */
    void reconsider() {
        refusals.reconsider();
        answers.reconsider();
    }

    /** What the node has by its own word, without what is on its way to be taken away. */
    Acknowledged acknowledged() {
        Set<String> names = holding.acceptedNames();
        names.removeAll(unanswered.removed());
        return new Acknowledged(
                subscription.isAsked(),
                subscription.onlyByChoice(),
                names,
                holding.last(),
                refusals.alone());
    }

    /** Whether the node has just this set, as far as it wants it, or never asked for the type. */
    boolean hasAccepted(ResourceSet set) {
        return !subscription.isAsked()
                || (unanswered.isEmpty()
                        && (answered || !type.isWildcard())
                        && lacks(set, set, Set.of()).isEmpty());
    }

    /** Whatever the node has or is getting of these names, it needs them once more. */
    void sendAgain(Set<String> names) {
        holding.sendAgain(names);
        unanswered.without(names);
    }

    /**
     * Sends what the node lacks of an offer and did not refuse, as far as it may be sent now and
     * the node is not ahead of us.
     *
     * @return names of the resources that the node did not have so; empty when nothing was sent
     */
    Set<String> answer(Offer offer, Structure target) {
        Set<String> news = new HashSet<>();
        boolean isSent = true;
        while (isSent && open.isPresent() && mayBeSent(offer, target)) {
            Optional<Sent> next = next(offer, target).filter(answers::isOtherThanRefused);
            isSent = next.isPresent() && send(open.get(), next.get());
            if (isSent) {
                news.addAll(next.get().news());
            }
        }
        return news;
    }

    /**
     * What the node has in the words of the target: one that comes back with just the target has
     * it; one that comes back from an earlier place of the log may have what went since.
     */
    void adopt(Structure target) {
        ResourceSet set = subscription.seen(target.of(type));
        boolean isReturning =
                subscription.isAsked()
                        && !answered
                        && protocol == Protocol.WHOLE
                        && claim.place() > 0;
        if (isReturning && type.isWildcard() && set.hash().equals(claim.hash())) {
            answered = true;
            holding.adopt(set);
        } else if (isReturning) {
            target.former().stream()
                    .filter(gone -> gone.type() == type && gone.seq() > claim.seq())
                    .filter(gone -> !set.byName().containsKey(gone.resource().name()))
                    .forEach(gone -> holding.mayHave(gone.resource()));
        }
        holding.learn(set);
    }

    /** Whether the node came back, in state of the world, and can't say what it has. */
    boolean isReturning() {
        return protocol == Protocol.WHOLE && claim.place() > 0;
    }

    /** Place of the log from which the node comes, when this control plane does not know it yet. */
    OptionalLong ahead(Structure target) {
        return claim.place() > target.place() ? OptionalLong.of(claim.seq()) : OptionalLong.empty();
    }

    /**
     * The first answer of a type says all there is; so it waits until nothing of it waits for
     * another type.
     */
    private boolean mayBeSent(Offer offer, Structure target) {
        int limit = type == ResourceType.ROUTE ? UNANSWERED_ROUTES : 1;
        boolean isWhole =
                answered
                        || !type.isWildcard()
                        || offer.pending(type).stream().noneMatch(subscription::covers);
        return unanswered.size() < limit && ahead(target).isEmpty() && isWhole;
    }

    private boolean send(OpenWatch watch, Sent next) {
        if (!watch.answer(next.version(), next.resources().values(), next.removed())) {
            open = Optional.empty();
            return false;
        }
        unanswered.add(next);
        answered = true;
        answers.sent(next.version());
        toldAbsent.addAll(next.removed());
        toldAbsent.removeAll(next.resources().keySet());
        return true;
    }

    /** The next response: what is beyond suspicion, and when that is out, what is suspected. */
    private Optional<Sent> next(Offer offer, Structure target) {
        ResourceSet set = subscription.seen(offer.serving().of(type));
        Difference lacks =
                lacks(set, target.of(type), offer.keepsOld(type) ? holding.names() : Set.of());
        Map<String, String> changed = Difference.versions(set, lacks.changed());
        Set<String> news = new TreeSet<>(lacks.changed());
        news.removeAll(refusals.suspected(changed));
        // Who refused one resource keeps its last; it is said again only when it is the target.
        news.removeAll(refusals.refusedAlone(target.of(type)));
        boolean isFirst = type.isWildcard() && !answered;
        if (news.isEmpty() && lacks.removed().isEmpty() && !isFirst) {
            news.addAll(refusals.next(changed));
            if (news.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(response(set, target, news, lacks));
    }

    private Sent response(ResourceSet set, Structure target, Set<String> news, Difference lacks) {
        if (protocol == Protocol.WHOLE && type.isWildcard()) {
            Set<String> heldBack = new HashSet<>(lacks.changed());
            heldBack.removeAll(news);
            ResourceSet all = Sent.heldBack(set, heldBack, holding.last());
            Set<String> absent = new TreeSet<>(lacks.removed());
            absent.retainAll(subscription.only().orElse(Set.of()));
            return new Sent(
                    "",
                    target.seq(),
                    target.version(type, all),
                    all.byName(),
                    news,
                    absent,
                    Extent.EVERYTHING);
        }
        Map<String, Versioned> resources = new TreeMap<>(set.byName());
        resources.keySet().retainAll(news);
        Set<String> removed = protocol == Protocol.DELTA ? lacks.removed() : Set.of();
        return new Sent(
                "",
                target.seq(),
                target.version(type, set),
                resources,
                news,
                removed,
                Extent.NAMED);
    }

    /** What the node lacks of a set when it has accepted everything that is on its way. */
    private Difference lacks(ResourceSet set, ResourceSet all, Set<String> kept) {
        boolean tellsGone = protocol == Protocol.DELTA || type.isWildcard();
        return new View(tellsGone, subscription.only(), Set.copyOf(toldAbsent))
                .lacks(holding.after(unanswered.all()), set, all, kept);
    }

    Answers answers() {
        return answers;
    }
}
