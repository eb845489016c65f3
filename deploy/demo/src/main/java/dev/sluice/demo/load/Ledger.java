package dev.sluice.demo.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every request of an act and how it ended. Thread-safe. */
public final class Ledger {
    private final List<Entry> entries = new ArrayList<>();
    private long sent;

    /** Notes that a request is on its way; every call is followed by one {@link #record}. */
    synchronized void sending() {
        sent++;
    }

    synchronized void record(Entry entry) {
        entries.add(entry);
    }

    /** Requests sent so far. */
    public synchronized long sent() {
        return sent;
    }

    /** The requests that have ended, in the order of their end. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The entries from index {@code from} on. */
    public synchronized List<Entry> since(int from) {
        return List.copyOf(entries.subList(Math.min(from, entries.size()), entries.size()));
    }

    /**
     * What each user's name must be now, by acknowledged renames; users whose last rename has an
     * unknown effect (no answer, or a 5xx) are left out.
     */
    public synchronized Map<Integer, String> acknowledgedNames() {
        Map<Integer, String> names = new HashMap<>();
        Set<Integer> unknown = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.call() instanceof Call.Rename(int user, String fullName)) {
                if (entry.isAcknowledgedWrite()) {
                    names.put(user, fullName);
                    unknown.remove(user);
                } else {
                    unknown.add(user);
                }
            }
        }
        names.keySet().removeAll(unknown);
        return names;
    }

    /** Ids of the orders that were acknowledged, each once. */
    public synchronized List<String> acknowledgedOrders() {
        List<String> ids = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.isAcknowledgedWrite() && entry.call() instanceof Call.PlaceOrder placed) {
                ids.add(placed.orderId());
            }
        }
        return ids;
    }
}
