package dev.sluice.chaos.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks that a read shows what was last written to its key. The generator is the only writer of
 * its keys, but requests of one key may overlap: what a write that overlaps a read, or that has no
 * good answer, has done by then is not known, and every order that is possible is accepted.
 * Stateless.
 */
final class ReadsOfWrites {
    private ReadsOfWrites() {}

    /** A write; one without a good answer may take effect at any time after it was sent. */
    private record Write(long id, long sent, long known) {
        static Write of(Entry entry) {
            boolean acknowledged = isAcknowledged(entry.answer());
            return new Write(
                    entry.planned().id(),
                    entry.sent(),
                    acknowledged ? entry.ended() : Long.MAX_VALUE);
        }
    }

    private static boolean isAcknowledged(Answer answer) {
        return answer instanceof Answer.Complete complete && complete.status() / 100 == 2;
    }

    /** The writes of one key, sorted by when they were known to have taken effect. */
    private static final class OfKey {
        private final List<Write> known;
        private final Map<Long, Write> byId = new HashMap<>();

        /** For each, the one that was sent last among it and those before. */
        private final List<Write> latest = new ArrayList<>();

        OfKey(List<Write> writes) {
            known = writes.stream().sorted(Comparator.comparingLong(Write::known)).toList();
            Write last = null;
            for (Write write : known) {
                last = last == null || write.sent() > last.sent() ? write : last;
                latest.add(last);
                byId.put(write.id(), write);
            }
        }

        /** The write that was sent last among those known before {@code time}. */
        Optional<Write> latestBefore(long time) {
            int low = 0;
            int high = known.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (known.get(middle).known() < time) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low == 0 ? Optional.empty() : Optional.of(latest.get(low - 1));
        }

        Optional<Write> of(long id) {
            return Optional.ofNullable(byId.get(id));
        }
    }

    static Finding check(List<Entry> entries) {
        Map<String, List<Write>> writes = new HashMap<>();
        for (Entry entry : entries) {
            boolean sent = !(entry.answer() instanceof Answer.NotSent);
            if (entry.planned().operation() == Planned.Operation.WRITE && sent) {
                writes.computeIfAbsent(entry.planned().key(), _ -> new ArrayList<>())
                        .add(Write.of(entry));
            }
        }
        Map<String, OfKey> ofKeys = new HashMap<>();
        writes.forEach((key, some) -> ofKeys.put(key, new OfKey(some)));
        Tally tally = new Tally(Check.WRITES, "a read shows what was last written to its key");
        OfKey none = new OfKey(List.of());
        for (Entry entry : entries) {
            if (entry.planned().operation() == Planned.Operation.READ
                    && entry.answer() instanceof Answer.Complete complete
                    && complete.status() / 100 == 2) {
                OfKey ofKey = ofKeys.getOrDefault(entry.planned().key(), none);
                check(entry, complete.body().value(), ofKey, tally);
            }
        }
        return tally.done();
    }

    private static void check(Entry read, OptionalLong value, OfKey writes, Tally tally) {
        Optional<Write> last = writes.latestBefore(read.sent());
        if (value.isEmpty()) {
            // Without a write before, the key has its value from earlier: nothing to look at.
            last.ifPresent(lost ->
                    tally.count(
                            false, () -> words(read) + " shows nothing of the write " + lost.id()));
            return;
        }
        long shown = value.getAsLong();
        Optional<Write> source = writes.of(shown).filter(write -> write.sent() <= read.ended());
        boolean stale =
                last.isPresent() && source.isPresent() && last.get().sent() > source.get().known();
        tally.count(
                source.isPresent() && !stale,
                () ->
                        words(read)
                                + " shows the write "
                                + shown
                                + (stale
                                        ? ", overwritten by " + last.get().id()
                                        : ", which was not one of its key"));
    }

    private static String words(Entry read) {
        return "read " + read.planned().id() + " of " + read.planned().key();
    }
}
