package dev.sluice.control.xds;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Structure;
import dev.sluice.control.snapshot.Versioned;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One type of structure on one stream, by what the node itself said: names it wants, versions it has, answers it gave.
 * Owned by its {@link StructureStream}, under whose lock it is used.
 */
final class TypeStream {
    private final ResourceType type;
    private final Set<String> wanted = new HashSet<>();
    private final Map<String, String> has = new HashMap<>();
    private final Set<String> toldAbsent = new HashSet<>();
    private Optional<OpenWatch> open = Optional.empty();
    private Optional<Sent> outstanding = Optional.empty();
    private String sentVersion = "";
    private String acceptedVersion = "";
    private String refusedHash = "";
    private String refusal = "";
    private String stateOfTheWorld = "";
    private long sequenceOfClient;
    private Protocol protocol = Protocol.WHOLE;
    private boolean asked;
    private boolean answered;

    /** Which of the two xDS protocols the node speaks; known from its first request. */
    private enum Protocol {
        WHOLE,
        DELTA
    }

    TypeStream(ResourceType type) {
        this.type = type;
    }

    /**
     * A response that the node has not answered.
     *
     * @param nonce empty until the response is handed to the node
     * @param version of the type
     * @param hash of everything that was served of the type then
     */
    private record Sent(String nonce, String version, String hash, Map<String, String> resources, Set<String> removed) {}

    /**
     * What became of a type.
     *
     * @param refusal reason of the last answer if it was a refusal, else empty
     */
    record Report(String sentVersion, String acceptedVersion, String refusal) {}

    void requested(DiscoveryRequest request) {
        if (!asked) {
            sequenceOfClient = sequence(request.getVersionInfo());
            stateOfTheWorld = hash(request.getVersionInfo());
        }
        asked = true;
        Set<String> names = new HashSet<>(request.getResourceNamesList());
        if (!wanted.containsAll(names)) {
            stateOfTheWorld = "";
        }
        wanted.clear();
        wanted.addAll(names);
        judged(request.getResponseNonce(), request.hasErrorDetail(), request.getErrorDetail().getMessage());
    }

    void requested(DeltaDiscoveryRequest request) {
        if (asked) {
            // Whoever subscribes again, has lost what it had.
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
        judged(request.getResponseNonce(), request.hasErrorDetail(), request.getErrorDetail().getMessage());
    }

    private void forget(String name) {
        has.remove(name);
        toldAbsent.remove(name);
    }

    /** The node's answer to a response, if the nonce is that of the last one. */
    private void judged(String nonce, boolean refused, String reason) {
        if (nonce.isEmpty() || outstanding.isEmpty() || !outstanding.get().nonce().equals(nonce)) {
            return;
        }
        Sent sent = outstanding.get();
        outstanding = Optional.empty();
        if (refused) {
            refusedHash = sent.hash();
            refusal = reason.isEmpty() ? "refused without a reason" : reason;
            return;
        }
        refusedHash = "";
        refusal = "";
        acceptedVersion = sent.version();
        stateOfTheWorld = sent.hash();
        has.putAll(sent.resources());
        sent.removed().forEach(has::remove);
    }

    void sent(String nonce) {
        outstanding = outstanding.map(
                sent -> new Sent(nonce, sent.version(), sent.hash(), sent.resources(), sent.removed()));
    }

    void open(OpenWatch watch) {
        open = Optional.of(watch);
    }

    /** Whether nothing of this set is still to be sent or answered. A refusal accepts nothing. */
    boolean hasAccepted(ResourceSet set) {
        return !asked || outstanding.isEmpty() && refusedHash.isEmpty() && toSend(set).isEmpty();
    }

    /** Answers the open watch, if the node lacks something and did not refuse exactly this. */
    void answer(Structure serving, ResourceSet set) {
        if (open.isEmpty() || outstanding.isPresent() || set.hash().equals(refusedHash) || sequenceOfClient > serving.seq()) {
            return;
        }
        Optional<Sent> next = toSend(set).map(found ->
                new Sent("", serving.version(type), set.hash(), found.resources(), found.removed()));
        if (next.isPresent()) {
            OpenWatch watch = open.get();
            open = Optional.empty();
            outstanding = next;
            answered = true;
            sentVersion = next.get().version();
            toldAbsent.addAll(next.get().removed());
            next.get().resources().keySet().forEach(toldAbsent::remove);
            watch.answer(sentVersion, resources(watch, set, next.get()), next.get().removed());
        }
    }

    private List<Versioned> resources(OpenWatch watch, ResourceSet set, Sent sent) {
        return switch (watch) {
            case OpenWatch.Whole _ -> visible(set);
            case OpenWatch.Delta _ -> sent.resources().keySet().stream().map(set.byName()::get).toList();
        };
    }

    /** What the node lacks of a set; empty when it has everything it wants. */
    private Optional<Sent> toSend(ResourceSet set) {
        return switch (protocol) {
            case WHOLE -> wholeToSend(set);
            case DELTA -> deltaToSend(set);
        };
    }

    private Optional<Sent> wholeToSend(ResourceSet set) {
        boolean nothingYet = visible(set).isEmpty() && !type.isWildcard();
        return set.hash().equals(stateOfTheWorld) || nothingYet
                ? Optional.empty()
                : Optional.of(new Sent("", "", set.hash(), versions(visible(set)), Set.of()));
    }

    private Optional<Sent> deltaToSend(ResourceSet set) {
        Map<String, String> changed = new TreeMap<>();
        for (Versioned resource : visible(set)) {
            if (!resource.version().equals(has.get(resource.name()))) {
                changed.put(resource.name(), resource.version());
            }
        }
        Set<String> removed = new HashSet<>(has.keySet());
        removed.removeAll(set.byName().keySet());
        for (String name : wanted) {
            if (!type.isWildcard() && !set.byName().containsKey(name) && !toldAbsent.contains(name)) {
                removed.add(name);
            }
        }
        boolean firstOfWildcard = type.isWildcard() && !answered;
        return changed.isEmpty() && removed.isEmpty() && !firstOfWildcard
                ? Optional.empty()
                : Optional.of(new Sent("", "", set.hash(), changed, removed));
    }

    private List<Versioned> visible(ResourceSet set) {
        if (type.isWildcard()) {
            return List.copyOf(set.byName().values());
        }
        List<Versioned> visible = new ArrayList<>();
        wanted.forEach(name -> Optional.ofNullable(set.byName().get(name)).ifPresent(visible::add));
        return visible;
    }

    private static Map<String, String> versions(List<Versioned> resources) {
        Map<String, String> versions = new HashMap<>();
        resources.forEach(resource -> versions.put(resource.name(), resource.version()));
        return versions;
    }

    Report report() {
        return new Report(sentVersion, acceptedVersion, refusal);
    }

    /** Sequence that a version of ours starts with; 0 for another's. */
    private static long sequence(String version) {
        return version.matches("\\d{20}-[0-9a-f]{16}") ? Long.parseLong(version.substring(0, 20)) : 0;
    }

    private static String hash(String version) {
        return version.matches("\\d{20}-[0-9a-f]{16}") ? version.substring(21) : "";
    }
}
