package dev.sluice.control.xds;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Versioned;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One type of structure on one stream, by what the node itself said: names it wants, versions it
 * has, answers it gave.
 *
 * <p>A refused response says nothing of which of its resources the node took over, so all of them
 * count as unknown from then on; the same content is not sent again, other content is sent whole.
 *
 * <p>Owned by its {@link StructureStream}, under whose lock it is used.
 */
final class TypeStream {
    private static final Pattern VERSION = Pattern.compile("(\\d{20})-([0-9a-f]{16})");

    /** Stands for the version of a resource of which only the name is known. */
    private static final String UNKNOWN = "";

    private final ResourceType type;
    private final Set<String> wanted = new HashSet<>();
    private final Map<String, String> has = new HashMap<>();
    private final Set<String> toldAbsent = new HashSet<>();
    private Optional<OpenWatch> open = Optional.empty();
    private Optional<Sent> outstanding = Optional.empty();
    private Optional<Content> refused = Optional.empty();
    private Report report = new Report("", "", "");
    private Claim claim = Claim.NONE;
    private Protocol protocol = Protocol.WHOLE;
    private boolean asked;
    private boolean answered;

    /** Which of the two xDS protocols the node speaks; known from its first request. */
    private enum Protocol {
        WHOLE,
        DELTA
    }

    /** When resources that are gone are taken from a node that speaks DELTA. */
    enum Removals {
        NOW,
        /** After what used them is gone. */
        LATER
    }

    /**
     * What a node that comes from elsewhere says it has, by the version of the type.
     *
     * @param seq place of the log; 0 when the version is none of ours
     * @param hash of the whole type then; empty when the version is none of ours
     */
    private record Claim(long seq, String hash) {
        static final Claim NONE = new Claim(0, "");

        static Claim of(String version) {
            Matcher matcher = VERSION.matcher(version);
            return matcher.matches()
                    ? new Claim(Long.parseLong(matcher.group(1)), matcher.group(2))
                    : NONE;
        }
    }

    /** What a response brings: versions by name, and names of what is gone. */
    private record Content(Map<String, String> versions, Set<String> removed) {
        boolean isEmpty() {
            return versions.isEmpty() && removed.isEmpty();
        }
    }

    /**
     * A response that the node has not answered.
     *
     * @param nonce empty until the response is handed to the node
     * @param version of the type
     */
    private record Sent(String nonce, String version, Content content) {
        Sent without(Set<String> names) {
            Map<String, String> rest = new TreeMap<>(content.versions());
            rest.keySet().removeAll(names);
            return new Sent(nonce, version, new Content(rest, content.removed()));
        }
    }

    /**
     * What became of a type.
     *
     * @param refusal reason of the last answer if it was a refusal, else empty
     */
    record Report(String sentVersion, String acceptedVersion, String refusal) {}

    TypeStream(ResourceType type) {
        this.type = type;
    }

    void requested(DiscoveryRequest request) {
        if (!asked) {
            claim = Claim.of(request.getVersionInfo());
        }
        asked = true;
        wanted.clear();
        wanted.addAll(request.getResourceNamesList());
        judged(
                request.getResponseNonce(),
                request.hasErrorDetail(),
                request.getErrorDetail().getMessage());
        if (!type.isWildcard()) {
            has.keySet().retainAll(wanted);
        }
    }

    void requested(DeltaDiscoveryRequest request) {
        if (asked) {
            // Whoever subscribes again has lost what it had.
            request.getResourceNamesSubscribeList().forEach(this::forget);
        } else {
            has.putAll(request.getInitialResourceVersionsMap());
        }
        asked = true;
        protocol = Protocol.DELTA;
        wanted.addAll(request.getResourceNamesSubscribeList());
        for (String name : request.getResourceNamesUnsubscribeList()) {
            wanted.remove(name);
            forget(name);
        }
        judged(
                request.getResponseNonce(),
                request.hasErrorDetail(),
                request.getErrorDetail().getMessage());
    }

    private void forget(String name) {
        has.remove(name);
        toldAbsent.remove(name);
    }

    /** The node's answer to a response, if the nonce is that of the last one. */
    private void judged(String nonce, boolean isRefusal, String reason) {
        Optional<Sent> judged =
                outstanding.filter(sent -> !nonce.isEmpty() && sent.nonce().equals(nonce));
        if (judged.isEmpty()) {
            return;
        }
        outstanding = Optional.empty();
        if (isRefusal) {
            refuse(judged.get(), reason.isEmpty() ? "refused without a reason" : reason);
        } else {
            accept(judged.get());
        }
    }

    private void refuse(Sent sent, String reason) {
        refused = Optional.of(sent.content());
        sent.content().versions().keySet().forEach(name -> has.put(name, UNKNOWN));
        toldAbsent.removeAll(sent.content().removed());
        report = new Report(report.sentVersion(), report.acceptedVersion(), reason);
    }

    private void accept(Sent sent) {
        refused = Optional.empty();
        if (protocol == Protocol.WHOLE) {
            has.clear();
        }
        has.putAll(sent.content().versions());
        sent.content().removed().forEach(has::remove);
        report = new Report(report.sentVersion(), sent.version(), "");
    }

    /** The response that was handed out last goes to the node with this nonce. */
    void sent(String nonce) {
        outstanding = outstanding.map(sent -> new Sent(nonce, sent.version(), sent.content()));
    }

    void open(OpenWatch watch) {
        open = Optional.of(watch);
    }

    boolean wasAsked() {
        return asked;
    }

    boolean wasAnswered() {
        return answered;
    }

    /** Whether nothing of this set is still to be sent or answered. A refusal accepts nothing. */
    boolean hasAccepted(ResourceSet set, Removals removals) {
        return !asked || (outstanding.isEmpty() && toSend(set, removals).isEmpty());
    }

    /** Whatever the node has or is getting of these names, it needs them once more. */
    void sendAgain(Set<String> names) {
        names.forEach(name -> has.computeIfPresent(name, (_, _) -> UNKNOWN));
        outstanding = outstanding.map(sent -> sent.without(names));
    }

    /**
     * Answers the open watch, if the node lacks something, did not refuse exactly this and is not
     * ahead of us.
     *
     * @return names of the resources that the node did not have so; empty when nothing was sent
     */
    Set<String> answer(Structure serving, Removals removals) {
        ResourceSet set = serving.of(type);
        if (outstanding.isPresent() || claim.seq() > serving.seq()) {
            return Set.of();
        }
        Optional<Content> next =
                toSend(set, removals).filter(content -> !refused.equals(Optional.of(content)));
        return open.isPresent() && next.isPresent()
                ? send(open.get(), set, serving.version(type), next.get())
                : Set.of();
    }

    private Set<String> send(OpenWatch watch, ResourceSet set, String version, Content content) {
        List<Versioned> resources =
                content.versions().keySet().stream().map(set.byName()::get).toList();
        open = Optional.empty();
        if (!watch.answer(version, resources, content.removed())) {
            return Set.of();
        }
        outstanding = Optional.of(new Sent("", version, content));
        answered = true;
        report = new Report(version, report.acceptedVersion(), report.refusal());
        toldAbsent.addAll(content.removed());
        toldAbsent.removeAll(content.versions().keySet());
        Map<String, String> news = new HashMap<>(content.versions());
        news.entrySet().removeAll(has.entrySet());
        return news.keySet();
    }

    /** What the node lacks of a set; empty when it has everything it wants. */
    private Optional<Content> toSend(ResourceSet set, Removals removals) {
        return switch (protocol) {
            case WHOLE -> wholeToSend(set);
            case DELTA -> deltaToSend(set, removals);
        };
    }

    private Optional<Content> wholeToSend(ResourceSet set) {
        Map<String, String> visible = visible(set);
        boolean upToDate;
        if (!type.isWildcard()) {
            upToDate = has.entrySet().containsAll(visible.entrySet());
        } else if (answered) {
            upToDate = has.equals(visible);
        } else {
            upToDate = set.hash().equals(claim.hash());
        }
        return upToDate ? Optional.empty() : Optional.of(new Content(visible, Set.of()));
    }

    private Optional<Content> deltaToSend(ResourceSet set, Removals removals) {
        Map<String, String> changed = visible(set);
        changed.entrySet().removeAll(has.entrySet());
        Set<String> removed = new TreeSet<>();
        if (removals == Removals.NOW) {
            removed.addAll(has.keySet());
            removed.removeAll(set.byName().keySet());
        }
        if (!type.isWildcard()) {
            wanted.stream()
                    .filter(name -> !set.byName().containsKey(name) && !toldAbsent.contains(name))
                    .forEach(removed::add);
        }
        Content content = new Content(changed, removed);
        boolean isFirstOfWildcard = type.isWildcard() && !answered;
        return content.isEmpty() && !isFirstOfWildcard ? Optional.empty() : Optional.of(content);
    }

    /** Versions by name, in the order of names, of what the node may see of a set. */
    private Map<String, String> visible(ResourceSet set) {
        Map<String, String> visible = new TreeMap<>();
        set.byName()
                .forEach((name, resource) -> {
                    if (type.isWildcard() || wanted.contains(name)) {
                        visible.put(name, resource.version());
                    }
                });
        return visible;
    }

    Report report() {
        return report;
    }
}
