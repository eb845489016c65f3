package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What this sidecar saw of its gates since boot, cumulatively, for the judge. Thread-safe. It holds
 * at most {@link #MOST_ENTRIES} combinations of gate, revision, arm and operation; what belongs to
 * a further one is counted as lost.
 */
public final class EvidenceBook implements ExchangeObserver {
    /** Combinations that are told apart. */
    public static final int MOST_ENTRIES = 4_096;

    private final ConcurrentMap<GateEvidence.Key, EvidenceEntry> entries =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<GateEvidence.Key, EvidenceEntry> carried =
            new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private final Duration slow;

    /**
     * @param slow answers that take longer are slow; fixed for the life of the process
     */
    public EvidenceBook(Duration slow) {
        this.slow = slow;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        exchange.gate().ifPresent(outcome -> count(exchange, outcome));
    }

    /** Everything counted so far, in a fixed order. */
    public List<GateEvidence> read() {
        return read(entries);
    }

    /**
     * The same of decisions that were carried here with a bucket: what their requests did is in
     * {@code share}, and buckets stand for keys.
     */
    public List<GateEvidence> readCarried() {
        return read(carried);
    }

    private static List<GateEvidence> read(ConcurrentMap<GateEvidence.Key, EvidenceEntry> entries) {
        return entries.values().stream()
                .map(EvidenceEntry::read)
                .sorted(Comparator.comparing(evidence -> evidence.key().toString()))
                .toList();
    }

    /** What counts as slow. */
    public Duration slowThreshold() {
        return slow;
    }

    /** Requests that had no room. */
    public long lost() {
        return lost.sum();
    }

    /** Forgets revisions that are no longer in force and whose counts have been receipted. */
    public void forget(List<GateEvidence.Key> receipted) {
        receipted.forEach(entries::remove);
        receipted.forEach(carried::remove);
    }

    private void count(ExchangeRecord exchange, GateOutcome outcome) {
        GateEvidence.Key key =
                new GateEvidence.Key(
                        outcome.decision().gate(),
                        outcome.decision().revision(),
                        outcome.decision().arm(),
                        outcome.operation());
        EvidenceEntry entry = entry(entries, key);
        if (entry != null) {
            entry.count(exchange, outcome);
        }
        long bucket = CarriedBucket.hash(outcome.decision());
        EvidenceEntry ofBuckets = bucket == CarriedBucket.NONE ? null : entry(carried, key);
        if (ofBuckets != null) {
            ofBuckets.countCarried(exchange, outcome, bucket);
        }
    }

    private @Nullable EvidenceEntry entry(
            ConcurrentMap<GateEvidence.Key, EvidenceEntry> all, GateEvidence.Key key) {
        EvidenceEntry entry = all.get(key);
        if (entry == null && all.size() >= MOST_ENTRIES) {
            lost.increment();
            return null;
        }
        return entry == null ? all.computeIfAbsent(key, this::newEntry) : entry;
    }

    private EvidenceEntry newEntry(GateEvidence.Key key) {
        return new EvidenceEntry(key, slow.toNanos() / 1000);
    }
}
