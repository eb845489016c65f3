package dev.sluice.chaos.load;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All requests of a load and what became of them. Thread-safe. */
public final class Ledger {
    private final Instant start;
    private final long planned;
    private final Collection<Entry> entries;

    /**
     * @param start of the load
     * @param planned how many requests there should be, with ids from 0
     */
    public Ledger(Instant start, long planned) {
        this(start, planned, new ConcurrentLinkedQueue<>());
    }

    private Ledger(Instant start, long planned, Collection<Entry> entries) {
        this.start = start;
        this.planned = planned;
        this.entries = entries;
    }

    /** The same entries, of a plan of so many. */
    Ledger asPlanned(long requests) {
        return new Ledger(start, requests, entries);
    }

    public void add(Entry entry) {
        entries.add(entry);
    }

    /** When the load began, for people and for other clocks' records. */
    public Instant start() {
        return start;
    }

    /** How many requests there should be. */
    public long planned() {
        return planned;
    }

    /** What is there, by id. */
    public List<Entry> entries() {
        return entries.stream()
                .sorted(Comparator.comparingLong(entry -> entry.planned().id()))
                .toList();
    }
}
