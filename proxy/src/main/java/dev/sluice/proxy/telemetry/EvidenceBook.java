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
    }

    private void count(ExchangeRecord exchange, GateOutcome outcome) {
        GateEvidence.Key key =
                new GateEvidence.Key(
                        outcome.decision().gate(),
                        outcome.decision().revision(),
                        outcome.decision().arm(),
                        outcome.operation());
        EvidenceEntry entry = entries.get(key);
        if (entry == null) {
            if (entries.size() >= MOST_ENTRIES) {
                lost.increment();
                return;
            }
            entry = entries.computeIfAbsent(key, this::newEntry);
        }
        entry.count(exchange, outcome);
    }

    private EvidenceEntry newEntry(GateEvidence.Key key) {
        return new EvidenceEntry(key, slow.toNanos() / 1000);
    }
}
