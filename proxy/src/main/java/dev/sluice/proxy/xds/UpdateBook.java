package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.RefusedResource;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.resource.SentConfiguration.Answers;
import dev.sluice.proxy.resource.SentResource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When resources were changed last, and which were refused since, for people who look: nothing is
 * decided by it. Owned by the configuration thread.
 */
final class UpdateBook {
    /** Refused resources that are remembered of a kind; of more, the oldest are forgotten. */
    static final int MOST_REFUSED = 50;

    /** Bytes of the largest refused resource whose content is remembered. */
    static final int LARGEST_REFUSED = 64 * 1024;

    private final InstantSource clock;
    private final Map<ResourceKind, Map<String, Change>> changes =
            new EnumMap<>(ResourceKind.class);
    private final Map<ResourceKind, SequencedMap<String, RefusedResource>> refused =
            new EnumMap<>(ResourceKind.class);
    private final Map<String, String> versions = new TreeMap<>();
    private final Map<String, Answers> answers = new TreeMap<>();

    /** The content that is held, and since when. */
    private record Change(Any content, Instant at) {}

    UpdateBook(InstantSource clock) {
        this.clock = clock;
        for (ResourceKind kind : ResourceKind.values()) {
            changes.put(kind, new HashMap<>());
            refused.put(kind, new LinkedHashMap<>());
        }
    }

    /** An answer of this version was accepted. */
    void answered(ResourceKind kind, String version) {
        versions.put(kind.typeUrl(), version);
        Answers before = answers.getOrDefault(kind.typeUrl(), Answers.NONE);
        answers.put(kind.typeUrl(), new Answers(before.accepted() + 1, before.refused()));
    }

    /** An answer was not accepted. */
    void declined(ResourceKind kind) {
        Answers before = answers.getOrDefault(kind.typeUrl(), Answers.NONE);
        answers.put(kind.typeUrl(), new Answers(before.accepted(), before.refused() + 1));
    }

    /** These were accepted. */
    void accepted(ResourceKind kind, Collection<Accepted> resources) {
        for (Accepted one : resources) {
            refused(kind).remove(one.name());
            if (isNews(kind, one)) {
                changes(kind)
                        .put(one.name(), new Change(one.received().content(), clock.instant()));
            }
        }
    }

    private boolean isNews(ResourceKind kind, Accepted one) {
        Change held = changes(kind).get(one.name());
        return held == null || !held.content().equals(one.received().content());
    }

    /** An answer was refused: for what is wrong in it, nothing else of it is taken either. */
    void refused(ResourceKind kind, ReadAnswer answer) {
        Map<String, String> whys = new LinkedHashMap<>();
        for (ReadAnswer.Fault fault : answer.faults()) {
            String name = name(fault.received());
            whys.put(name, ProblemText.of(fault.problems()));
            refuse(kind, name, fault.received(), ProblemText.of(fault.problems()));
        }
        String others =
                whys.keySet().stream()
                        .limit(MOST_REFUSED)
                        .map(name -> (kind.what() + " " + name).strip())
                        .collect(Collectors.joining(", "));
        answer.read().values().stream()
                .filter(one -> !whys.containsKey(one.name()) && isNews(kind, one))
                .forEach(
                        one -> refuse(kind, one.name(), one.received(), beside(kind, one, others)));
    }

    private static String beside(ResourceKind kind, Accepted one, String others) {
        return new Problem(
                        kind.what() + " " + one.name(),
                        "an answer that was refused for " + others,
                        "an answer of which everything can be accepted",
                        "correct that")
                .message();
    }

    private void refuse(ResourceKind kind, String name, Received received, String why) {
        Any content = received.content();
        boolean isKept = content.getValue().size() <= LARGEST_REFUSED;
        SequencedMap<String, RefusedResource> book = refused(kind);
        book.remove(name);
        book.put(
                name,
                new RefusedResource(
                        kind.typeUrl(),
                        name,
                        received.version(),
                        isKept ? content : Any.getDefaultInstance(),
                        clock.instant(),
                        why));
        if (book.size() > MOST_REFUSED) {
            book.pollFirstEntry();
        }
    }

    /** As the stream says it, or as it stands in the first field, where every kind has it. */
    private static String name(Received received) {
        if (!received.name().isEmpty()) {
            return received.name();
        }
        try {
            List<ByteString> names =
                    UnknownFieldSet.parseFrom(received.content().getValue())
                            .getField(1)
                            .getLengthDelimitedList();
            return names.isEmpty() ? "" : names.getLast().toStringUtf8();
        } catch (InvalidProtocolBufferException torn) {
            return "";
        }
    }

    /** Only these are held any more. */
    void keepHeld(ResourceKind kind, Set<String> names) {
        changes(kind).keySet().retainAll(names);
    }

    /** The server says nothing of others any more, or is not asked for them. */
    void keepRefused(ResourceKind kind, Set<String> names) {
        refused(kind).keySet().retainAll(names);
    }

    /** The server has these no more. */
    void removed(ResourceKind kind, Collection<String> names) {
        names.forEach(refused(kind)::remove);
    }

    /**
     * Everything, to be shown.
     *
     * @param held by kind
     */
    SentConfiguration shown(Map<ResourceKind, ? extends Map<String, Accepted>> held) {
        Stream<SentResource> accepted =
                held.entrySet().stream()
                        .flatMap(kind ->
                                kind.getValue().values().stream()
                                        .map(one -> shown(kind.getKey(), one)));
        return new SentConfiguration(
                accepted.toList(),
                refused.values().stream().flatMap(book -> book.values().stream()).toList(),
                versions,
                answers);
    }

    private SentResource shown(ResourceKind kind, Accepted one) {
        Change change = changes(kind).get(one.name());
        return new SentResource(
                one.name(),
                one.received().version(),
                one.received().content(),
                change == null ? Instant.EPOCH : change.at());
    }

    private Map<String, Change> changes(ResourceKind kind) {
        return Objects.requireNonNull(changes.get(kind));
    }

    private SequencedMap<String, RefusedResource> refused(ResourceKind kind) {
        return Objects.requireNonNull(refused.get(kind));
    }
}
