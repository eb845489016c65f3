package dev.sluice.control.audit;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import java.util.List;
import java.util.Optional;

/**
 * The hash chain over the event log: each event's hash covers its place, its stored bytes and the
 * hash before it, so that a changed, removed or inserted byte anywhere shows from there on. What
 * the chain alone can't show is a cut end or a chain rewritten from some event on; a checkpoint
 * (sequence and hash) kept outside the store does. Stateless.
 */
public final class HashChain {
    private HashChain() {}

    /** The event that follows {@code head}. */
    public static LoggedEvent link(Head head, long epoch, Stamp stamp, Event event) {
        long seq = head.seq() + 1;
        String payload = EventCodec.encode(stamp, event);
        return new LoggedEvent(
                seq,
                epoch,
                stamp,
                event,
                payload,
                head.hash(),
                hash(head.hash(), seq, epoch, payload));
    }

    /** The hash of an event from what is stored of it. */
    public static Digest hash(Digest previous, long seq, long epoch, String payload) {
        return Digest.of(previous.hex(), Long.toString(seq), Long.toString(epoch), payload);
    }

    /**
     * The first thing that is wrong with {@code events} after {@code head}; empty when nothing is.
     */
    public static Optional<Problem> verify(Head head, List<LoggedEvent> events) {
        Head at = head;
        for (LoggedEvent event : events) {
            if (event.seq() != at.seq() + 1) {
                return broken(at, "event " + event.seq(), "event " + (at.seq() + 1));
            }
            if (!event.previous().equals(at.hash())) {
                return broken(at, "a previous hash " + event.previous().brief(), at.hash().brief());
            }
            Digest expected = hash(at.hash(), event.seq(), event.epoch(), event.payload());
            if (!event.hash().equals(expected)) {
                return broken(at, "a hash " + event.hash().brief(), expected.brief());
            }
            at = new Head(event.seq(), event.hash());
        }
        return Optional.empty();
    }

    /**
     * As {@link #verify(Head, List)} for a whole log, which must also contain the event that a
     * checkpoint names.
     */
    public static Optional<Problem> verify(List<LoggedEvent> log, Head checkpoint) {
        Optional<Problem> inside = verify(Head.EMPTY, log);
        if (inside.isPresent() || checkpoint.seq() == 0) {
            return inside;
        }
        if (checkpoint.seq() > log.size()) {
            Head end =
                    log.isEmpty()
                            ? Head.EMPTY
                            : new Head(log.getLast().seq(), log.getLast().hash());
            return broken(end, "the end of the log", "event " + checkpoint.seq());
        }
        LoggedEvent named = log.get((int) checkpoint.seq() - 1);
        return named.hash().equals(checkpoint.hash())
                ? Optional.empty()
                : broken(
                        new Head(checkpoint.seq() - 1, named.previous()),
                        "a hash " + named.hash().brief(),
                        checkpoint.hash().brief() + ", as the checkpoint says");
    }

    private static Optional<Problem> broken(Head lastGood, String got, String expected) {
        return Optional.of(
                new Problem(
                        "event " + (lastGood.seq() + 1),
                        got,
                        expected,
                        "restore a backup; the last good event is " + lastGood.seq()));
    }
}
