package dev.sluice.control.catalog;

import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;

/**
 * The commands of the last 24 h that had a request id and changed something. Times are those of the
 * events, so that every replica forgets at the same event. Immutable.
 */
public record AnsweredRequests(
        PersistentMap<String, AnsweredRequest> byId, PersistentMap<Long, String> bySeq) {
    /** How long a repetition is recognised. */
    public static final Duration KEPT = Duration.ofHours(24);

    static final AnsweredRequests NONE =
            new AnsweredRequests(PersistentMap.empty(), PersistentMap.empty());

    /** What a request id stands for at a time; empty when it is new or was forgotten. */
    public Optional<AnsweredRequest> find(String requestId, Instant now) {
        return byId.get(requestId).filter(answered -> now.isBefore(answered.time().plus(KEPT)));
    }

    /** Notes an event of a command with a request id: the last event's state is the answer. */
    AnsweredRequests noting(LoggedEvent event, Optional<? extends Resource> subject) {
        Stamp stamp = event.stamp();
        AnsweredRequests kept = without(stamp.time().minus(KEPT));
        if (stamp.requestId().isEmpty()) {
            return kept;
        }
        String id = stamp.requestId().get();
        PersistentMap<Long, String> order =
                kept.byId
                        .get(id)
                        .map(before -> kept.bySeq.without(before.seq()))
                        .orElse(kept.bySeq);
        AnsweredRequest answered =
                new AnsweredRequest(
                        stamp.command(),
                        event.seq(),
                        stamp.time(),
                        subject.map(resource -> (Resource) resource));
        return new AnsweredRequests(
                kept.byId.with(id, answered), order.with(event.seq(), id));
    }

    private AnsweredRequests without(Instant upTo) {
        AnsweredRequests kept = this;
        for (Iterator<String> oldest = bySeq.values().iterator(); oldest.hasNext(); ) {
            String id = oldest.next();
            AnsweredRequest answered = byId.get(id).orElseThrow();
            if (answered.time().isAfter(upTo)) {
                break;
            }
            kept =
                    new AnsweredRequests(
                            kept.byId.without(id), kept.bySeq.without(answered.seq()));
        }
        return kept;
    }
}
