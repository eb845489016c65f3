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
    private long heldBack;

    /** Notes that a request is on its way; every call is followed by one {@link #record}. */
    synchronized void sending() {
        sent++;
    }

    synchronized void record(Entry entry) {
        entries.add(entry);
    }

    /** Notes that a request was not sent, since too many were under way. */
    synchronized void heldBack() {
        heldBack++;
    }

    /** Requests that were not sent so far, since too many were under way. */
    public synchronized long held() {
        return heldBack;
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

    /** Every order that was acknowledged, as often as it was. */
    public synchronized List<PlacedOrder> acknowledgedOrders() {
        List<PlacedOrder> orders = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.isAcknowledgedWrite()
                    && entry.call() instanceof Call.PlaceOrder(int user, String id, String item)
                    && entry.outcome() instanceof Entry.Outcome.Answered answered) {
                orders.add(new PlacedOrder(user, id, item, answered.body()));
            }
        }
        return orders;
    }

    /**
     * An order that a user may rely on.
     *
     * @param user who placed it
     * @param id of the order
     * @param item that was ordered
     * @param acknowledgement body of the answer, with the name that it is shipped to
     */
    public record PlacedOrder(int user, String id, String item, String acknowledgement) {}
}
