package dev.sluice.chaos.load;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All requests of a load and what became of them. Thread-safe. */
public final class Ledger {
    private final long planned;
    private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();

    /**
     * @param planned how many requests there should be, with ids from 0
     */
    public Ledger(long planned) {
        this.planned = planned;
    }

    public void add(Entry entry) {
        entries.add(entry);
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
