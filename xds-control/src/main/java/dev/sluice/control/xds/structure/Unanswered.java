package dev.sluice.control.xds.structure;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Responses of one type that the node has not answered, oldest first. Owned by its {@link
 * TypeStream}.
 */
final class Unanswered {
    private final Deque<Sent> all = new ArrayDeque<>(1); // mostly none, at thousands of nodes

    void add(Sent sent) {
        all.add(sent);
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<Sent> all() {
        return all;
    }

    /** The response that was handed out first goes to the node with this nonce. */
    void sent(String nonce) {
        List<Sent> before = List.copyOf(all);
        all.clear();
        boolean isHanded = false;
        for (Sent sent : before) {
            boolean isNext = !isHanded && sent.nonce().isEmpty();
            all.add(isNext ? sent.with(nonce) : sent);
            isHanded |= isNext;
        }
    }

    /** Takes out what a node answers with a nonce; empty when that is none of ours. */
    Optional<Sent> answered(String nonce) {
        Optional<Sent> answered =
                all.stream()
                        .filter(sent -> !nonce.isEmpty() && sent.nonce().equals(nonce))
                        .findFirst();
        answered.ifPresent(all::remove);
        return answered;
    }

    /** Names that are on their way to be taken away. */
    Set<String> removed() {
        Set<String> removed = new HashSet<>();
        all.forEach(sent -> removed.addAll(sent.removed()));
        return removed;
    }

    /** Forgets that these names are on their way. */
    void without(Set<String> names) {
        List<Sent> rest = all.stream().map(sent -> sent.without(names)).toList();
        all.clear();
        all.addAll(rest);
    }
}
